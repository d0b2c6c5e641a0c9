using LangGuard.Permissions;

namespace LangGuard.Files;

/// <summary>
/// The right to use one open file: its permit, its share of the quotas, and the seam to the journal. Amounts are reserved
/// before the effect. Used by one stream or handle; quotas are shared by all.
/// </summary>
internal sealed class StreamLease : IDisposable
{
    private readonly FileOperation _operation;
    private readonly Permit _permit;
    private readonly FileGrant _grant;
    private readonly FileMeter _meter;
    private readonly Action? _beforeFirstChange;
    private readonly GuardSession _session;
    private readonly Lock _lock = new();
    private readonly byte[] _head = new byte[ContentSniffer.Window];
    private Policy _policy;
    private int _headLength;
    private bool _isChanged;
    private int _holders = 1;
    private Action? _onClose;
    private long _read;
    private long _written;

    public StreamLease(
        GuardSession session,
        FileOperation operation,
        Permit permit,
        FileMeter meter,
        Action? beforeFirstChange,
        ReadOnlySpan<byte> head)
    {
        _session = session;
        _operation = operation;
        _permit = permit;
        _grant = (FileGrant)permit.Grant;
        _policy = session.Policy;
        head[..Math.Min(head.Length, _head.Length)].CopyTo(_head);
        _headLength = Math.Min(head.Length, _head.Length);
        _meter = meter;
        _beforeFirstChange = beforeFirstChange;
    }

    /// <summary>Reserves what a read can return at most; the caller gives back the rest.</summary>
    public int BeforeRead(int count, long available)
    {
        RefuseWhenEnded();
        _permit.BeginResult();
        int reserved = (int)Math.Min(count, Math.Max(0, available));
        if (Interlocked.Add(ref _read, reserved) > _grant.Limits.ReadBytes)
        {
            Interlocked.Add(ref _read, -reserved);
            throw new AccessDeniedException(Decision.Deny(FileReasons.ReadLimit), _operation);
        }

        if (_meter.ReserveStream(reserved, _grant.Limits) is { } reason)
        {
            Interlocked.Add(ref _read, -reserved);
            throw new AccessDeniedException(Decision.Deny(reason), _operation);
        }

        return reserved;
    }

    public void AfterRead(int reserved, int read)
    {
        Interlocked.Add(ref _read, read - reserved);
        _meter.ReturnRead(reserved - read);
    }

    /// <summary>Checks and reserves a write; what lies between the end and the position counts too.</summary>
    public void BeforeWrite(ReadOnlySpan<byte> content, long position, long length)
    {
        if (content.IsEmpty)
        {
            return;
        }

        lock (_lock)
        {
            RefuseWhenEnded();
            ThrowIf(position > _grant.Limits.WriteBytes - content.Length ? FileReasons.WriteLimit : null);

            // No file is longer than this, whatever the limit.
            ThrowIf(position > long.MaxValue - content.Length ? FileReasons.WriteLimit : null);
            CheckKind(content, position);
            long gap = Math.Max(0, position - length);
            Reserve(content.Length + gap);
            BeforeChange();
        }
    }

    /// <summary>Called before mode or times change.</summary>
    public void BeforeSetFacts()
    {
        lock (_lock)
        {
            RefuseWhenEnded();
        }
    }

    public void BeforeSetLength(long value, long length)
    {
        lock (_lock)
        {
            RefuseWhenEnded();
            ThrowIf(value > _grant.Limits.WriteBytes ? FileReasons.WriteLimit : null);
            Reserve(Math.Max(0, value - length));
            BeforeChange();
        }
    }

    public FileOperation Operation => _operation;

    /// <summary>Another holder of the same right: it ends when all have let go.</summary>
    public StreamLease Share()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    /// <summary>Says what else happens when the file is closed.</summary>
    public void OnClose(Action action) => _onClose += action;

    public void Complete()
    {
        if (Volatile.Read(ref _holders) == 1)
        {
            _permit.Complete(OperationOutcome.Success(Volatile.Read(ref _read), Volatile.Read(ref _written)));
        }
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) != 0)
        {
            return;
        }

        _meter.ReturnOpen();
        _permit.Dispose();
        _onClose?.Invoke();
    }

    // An open stream does not outlive its session, a freeze, or a reload that took the right away.
    private void RefuseWhenEnded()
    {
        if (_session.HasEnded)
        {
            throw new AccessDeniedException(Decision.Deny(Reasons.SessionEnded), _operation);
        }

        Policy policy = _session.Policy;
        if (ReferenceEquals(policy, _policy) && !(_operation.Mutates && _session.IsFrozen))
        {
            return;
        }

        Decision decision = policy.Decide(_operation, _session);
        if (decision.Kind is not (DecisionKind.Allow or DecisionKind.Ask))
        {
            throw new AccessDeniedException(decision, _operation);
        }

        _policy = policy;
    }

    private void Reserve(long bytes)
    {
        ThrowIf(_meter.ReserveWrite(bytes, _grant.Limits));
        _written += bytes;
    }

    private void BeforeChange()
    {
        if (!_isChanged)
        {
            _beforeFirstChange?.Invoke();
            _isChanged = true;
        }
    }

    /// <summary>Keeps the first bytes together, so that a kind is not written byte by byte.</summary>
    private void CheckKind(ReadOnlySpan<byte> content, long position)
    {
        if (position >= _head.Length || _grant.DenyContent == FileContentKinds.None)
        {
            return;
        }

        int at = (int)position;
        int count = Math.Min(content.Length, _head.Length - at);
        Span<byte> next = stackalloc byte[ContentSniffer.Window];
        _head.CopyTo(next);
        content[..count].CopyTo(next[at..]);
        int length = Math.Max(_headLength, at + count);
        ThrowIf((ContentSniffer.KindOf(next[..length]) & _grant.DenyContent) != 0 ? FileReasons.Content : null);
        next.CopyTo(_head);
        _headLength = length;
    }

    private void ThrowIf(Reason? reason)
    {
        if (reason is not null)
        {
            throw new AccessDeniedException(Decision.Deny(reason), _operation);
        }
    }
}
