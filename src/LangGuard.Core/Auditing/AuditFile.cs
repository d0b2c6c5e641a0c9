using System.Security.Cryptography;
using LangGuard.Redaction;

namespace LangGuard.Auditing;

/// <summary>Keeps audit records in a folder of the host: a chain of hashes with signed checkpoints, so that a change
/// shows. The intent is written before the effect; what can not be undone is on the disk before it happens.</summary>
/// <remarks>One process writes a folder; in one process, everybody who names it shares one chain. After a crash a torn
/// record is cut off and every intent without an outcome is recorded as unknown.</remarks>
internal sealed class AuditFile : IAuditSink, IAuditPlace, IDisposable
{
    private readonly string _folder;
    private readonly AuditLog _log;
    private readonly AuditMode _mode;
    private readonly Effects _durableFor;
    private readonly DenialCoalescer _denials;
    private int _closed;

    /// <summary>Opens or makes the audit file of a folder.</summary>
    /// <param name="options">The folder and the modes.</param>
    /// <param name="signingKey">Gives the ECDSA key for checkpoints; it becomes this object's own. Null: one that is kept
    /// in the folder, which shows changes by everybody but those who can read it.</param>
    /// <param name="onCheckpoint">Gets every signed checkpoint, to keep it where this process can not change it.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="IOException">The folder can not serve, with the reason.</exception>
    public AuditFile(
        AuditOptions options,
        Func<ECDsa>? signingKey = null,
        Action<AuditCheckpoint>? onCheckpoint = null,
        TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Folder, nameof(options));
        var settings = new AuditFileSettings
        {
            Key = signingKey,
            OnCheckpoint = onCheckpoint,
            TimeProvider = timeProvider ?? TimeProvider.System,
        };
        _mode = options.Mode;
        _durableFor = options.DurableFor;
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Folder));
        _log = AuditLogs.Rent(_folder, settings);
        _denials = new DenialCoalescer(settings.TimeProvider);
    }

    /// <summary>Closes the file if nobody did.</summary>
    ~AuditFile() => Close();

    /// <summary>The id of the audit file, which every checkpoint names.</summary>
    public string Id => _log.Id;

    /// <summary>The public key of its checkpoints, for <see cref="AuditTrust"/>.</summary>
    public ReadOnlyMemory<byte> PublicKey => _log.PublicKey;

    object IAuditPlace.Place => _log;

    AuditDemands IAuditPlace.Demands => new(_mode, _durableFor);

    /// <inheritdoc />
    public void Write(in AuditRecord record)
    {
        if (Append(record) is { } durable)
        {
            durable.GetAwaiter().GetResult();
        }
    }

    /// <inheritdoc />
    /// <remarks>Ends, if need be with a failure, soon after the disk stopped answering.</remarks>
    public ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken) =>
        Append(record) is { } durable
            ? new ValueTask(durable)
            : ValueTask.CompletedTask;

    /// <summary>Flushes and signs what has been recorded until now.</summary>
    public Task CheckpointAsync()
    {
        WriteSummaries(_denials.TakeAll());
        return _log.CheckpointAsync();
    }

    /// <summary>Writes what waits and closes the file when nobody else in the process uses it.</summary>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    private void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        try
        {
            if (_denials is not null && _log is not null)
            {
                WriteSummaries(_denials.TakeAll());
            }
        }
        catch (IOException)
        {
            // Nothing more can be said there.
        }

        if (_log is not null)
        {
            AuditLogs.Return(_folder);
        }
    }

    /// <summary>A task when the caller has to wait for the disk.</summary>
    private Task? Append(in AuditRecord record)
    {
        ObjectDisposedException.ThrowIf(_closed != 0, this);
        if (record.Phase == AuditPhase.Outcome)
        {
            _log.Defer(record);
            return null;
        }

        var isAllowed = record.Decision.Kind == DecisionKind.Allow;
        var isDurable = isAllowed
            && (_mode == AuditMode.Durable
                || record.ApprovalId is not null
                || (record.Operation.Effects & _durableFor) != 0);
        if (_mode == AuditMode.UnguardedBestEffort && !isDurable)
        {
            AppendUnguarded(record);
            return null;
        }

        if (record.Phase == AuditPhase.Decision && !isAllowed && IsRepeat(record))
        {
            return null;
        }

        var entry = _log.Entries.Rent();
        try
        {
            AuditRecordWriter.Write(entry, record);
            if (isDurable)
            {
                return _log.WriteDurable(entry);
            }

            _log.Write(entry);
            return null;
        }
        finally
        {
            _log.Entries.Return(entry);
        }
    }

    /// <summary>The host chose that operations run unrecorded rather than not at all.</summary>
    private void AppendUnguarded(in AuditRecord record)
    {
        try
        {
            if (CanWait(record))
            {
                _log.Defer(record);
            }
            else if (record.Decision.Kind == DecisionKind.Allow || record.Phase != AuditPhase.Decision || !IsRepeat(record))
            {
                Buffer(record);
            }
        }
        catch (IOException)
        {
            // Unrecorded.
        }
    }

    /// <summary>Whether a record says the same when it is written later, and by code of this library alone: a redactor of
    /// the host's that hangs holds up its own operation, not the writer.</summary>
    private static bool CanWait(in AuditRecord record) =>
        record.Decision.Kind == DecisionKind.Allow
        && record.Operation is not FunctionOperation
        && (record.Policy is not { } policy || TextRedaction.Of(policy).IsBuiltIn);

    private bool IsRepeat(in AuditRecord record)
    {
        var isRepeat = _denials.IsRepeat(record, out var due);
        WriteSummaries(due);
        return isRepeat;
    }

    private void Buffer(in AuditRecord record, long repeats = 0)
    {
        var entry = _log.Entries.Rent();
        try
        {
            AuditRecordWriter.Write(entry, record, repeats);
            _log.Buffer(entry);
        }
        finally
        {
            _log.Entries.Return(entry);
        }
    }

    private void WriteSummaries(IReadOnlyList<DenialSummary> summaries)
    {
        foreach (var summary in summaries)
        {
            Buffer(summary.Last, summary.Count);
        }
    }
}
