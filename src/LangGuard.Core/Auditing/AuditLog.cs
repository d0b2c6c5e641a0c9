using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace LangGuard.Auditing;

/// <summary>The audit file of one folder: an append-only chain of records in segments. One lock orders all records;
/// one background thread flushes, folds the hash tree and signs checkpoints.</summary>
internal sealed partial class AuditLog : IDisposable
{
    /// <summary>Records that wait for the disk take at most this much memory; then operations are denied.</summary>
    private const int MaxPending = 4 * 1024 * 1024;

    /// <summary>How long an operation waits for another's write. A disk that hangs denies.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly AuditFolder _folder;
    private readonly AuditSigner _signer;
    private readonly TimeProvider _time;
    private readonly CheckpointExport _export;
    private readonly byte[] _head = new byte[AuditFrame.HashSize];
    private readonly byte[] _writtenHead = new byte[AuditFrame.HashSize];
    private readonly IncrementalHash _hasher = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _pending = new byte[64 * 1024];
    private int _pendingLength;
    private SafeFileHandle _segment;
    private int _segmentNumber;
    private long _offset;
    private long _next;
    private long _written;
    private long _lost;
    private bool _closed;
    private Exception? _fault;

    private AuditLog(AuditFolder folder, AuditSigner signer, AuditFileSettings settings)
    {
        _folder = folder;
        _signer = signer;
        _time = settings.TimeProvider;
        _export = new CheckpointExport(settings.OnCheckpoint);
        try
        {
            (_segment, _tree, Id) = Recover();
        }
        catch
        {
            _segment?.Dispose();
            _hasher.Dispose();
            throw;
        }

        _watchdog = _time.CreateTimer(static log => ((AuditLog)log!).AnswerStalled(), this, Patience / 4, Patience / 4);
        _committer = new Thread(Commit) { IsBackground = true, Name = "LangGuard audit" };
        _committer.Start();
    }

    /// <summary>The id of the audit file.</summary>
    internal string Id { get; private set; }

    internal AuditEntryPool Entries { get; } = new();

    internal byte[] PublicKey => _signer.PublicKey;

    /// <summary>Opens or makes the audit file of a folder.</summary>
    /// <exception cref="AuditUnavailableException">It can not serve, with the reason.</exception>
    internal static AuditLog Open(string path, AuditFileSettings settings)
    {
        AuditFolder? folder = null;
        AuditSigner? signer = null;
        try
        {
            folder = AuditFolder.Open(path);
#pragma warning disable CA2000 // The signer owns its key.
            signer = new AuditSigner(settings.Key?.Invoke() ?? folder.Key());
#pragma warning restore CA2000
            return new AuditLog(folder, signer, settings);
        }
        catch (Exception failure)
        {
            signer?.Dispose();
            folder?.Dispose();
            throw failure is AuditUnavailableException
                ? failure
                : new AuditUnavailableException($"The audit folder can not be used ({failure.GetType().Name}).", failure);
        }
    }

    /// <summary>Keeps a record for the next write. For outcomes: when they are lost, the intent says "unknown".</summary>
    internal void Buffer(AuditEntry entry)
    {
        Enter();
        try
        {
            Add(entry);
        }
        catch
        {
            Interlocked.Increment(ref _lost);
            throw;
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>Hands a record, and all before it, to the operating system.</summary>
    internal void Write(AuditEntry entry)
    {
        Enter();
        try
        {
            MakeRoom(entry.FrameSize);
            var length = _pendingLength;
            var next = _next;
            Span<byte> head = stackalloc byte[AuditFrame.HashSize];
            _head.CopyTo(head);
            try
            {
                AddFrame(entry);
                WritePending();
            }
            catch
            {
                // What was not written did not happen: the chain goes on from where it was.
                _pendingLength = length;
                _next = next;
                head.CopyTo(_head);
                throw;
            }
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>Ends when a record, and all before it, is on the disk.</summary>
    internal Task WriteDurable(AuditEntry entry)
    {
        Enter();
        try
        {
            Add(entry);
            return JoinBatch();
        }
        finally
        {
            _lock.Exit();
        }
    }

    private void Enter()
    {
        if (!_lock.TryEnter(Patience))
        {
            throw new AuditUnavailableException("The audit file does not answer.");
        }

        if (Refusal() is { } refusal)
        {
            _lock.Exit();
            throw refusal;
        }
    }

    /// <summary>Chains a record behind what waits. Under the lock.</summary>
    private void Add(AuditEntry entry)
    {
        MakeRoom(entry.FrameSize);
        AddFrame(entry);
    }

    private void MakeRoom(int size)
    {
        if (_offset + _pendingLength + size > AuditFolder.SegmentSize)
        {
            WritePending();
            Roll();
        }

        if (_pendingLength + size > MaxPending)
        {
            WritePending();
        }

        TellLost();
    }

    private void TellLost()
    {
        if (Volatile.Read(ref _lost) > 0)
        {
            var lost = Interlocked.Exchange(ref _lost, 0);
            AddEvent(json => json.WriteNumber("lostOutcomes"u8, lost), "gap");
        }
    }

    private void AddFrame(AuditEntry entry)
    {
        var size = entry.FrameSize;
        if (_pendingLength + size > _pending.Length)
        {
            Array.Resize(ref _pending, Math.Max(_pending.Length * 2, _pendingLength + size));
        }

        _pendingLength += AuditFrame.Write(entry.Chained, _next, _head, _pending.AsSpan(_pendingLength), _hasher);
        _next++;
    }

    /// <summary>A record about the audit file itself.</summary>
    private void AddEvent(Action<System.Text.Json.Utf8JsonWriter> fields, string phase)
    {
        var entry = Entries.Rent();
        try
        {
            entry.WriteEvent(phase, _time.GetUtcNow(), fields);
            AddFrame(entry);
        }
        finally
        {
            Entries.Return(entry);
        }
    }

    /// <summary>Under the lock. On failure nothing has been counted as written; the same place is written again.</summary>
    private void WritePending()
    {
        if (_pendingLength == 0)
        {
            return;
        }

        RandomAccess.Write(_segment, _pending.AsSpan(0, _pendingLength), _offset);
        KeepLeaves(_pending.AsSpan(0, _pendingLength));
        _offset += _pendingLength;
        _pendingLength = 0;
        _written = _next;
        _head.CopyTo(_writtenHead, 0);
    }

    /// <summary>Drops what could not be written, so that what is denied leaves no intent behind.</summary>
    private void DropPending()
    {
        Interlocked.Add(ref _lost, _next - _written);
        _pendingLength = 0;
        _next = _written;
        _writtenHead.CopyTo(_head, 0);
    }

    private void Roll()
    {
        // What is in the old segment is on the disk before the new one is begun.
        RandomAccess.FlushToDisk(_segment);
        if (AuditFileWatch.Problem(_segment, _segmentPath, _offset) is { } problem)
        {
            throw new AuditUnavailableException($"The audit file {problem}.");
        }

        var segment = _folder.CreateSegment(_segmentNumber + 1);
        _segment.Dispose();
        _segment = segment;
        _segmentNumber++;
        _segmentPath = _folder.SegmentPath(_segmentNumber);
        _offset = 0;
        AddSegmentHeader();
    }

    private void AddSegmentHeader()
    {
        var first = _next;
        var previous = Convert.ToHexStringLower(_head);
        AddEvent(
            json =>
            {
                json.WriteString("log"u8, Id);
                json.WriteNumber("segment"u8, _segmentNumber);
                json.WriteNumber("first"u8, first);
                json.WriteString("previous"u8, previous);
            },
            "segment");
    }
}
