namespace LangGuard.Auditing;

/// <summary>The chain of records in the table of a database: the same records, hashes and checkpoints as in an audit
/// file. One background thread writes what waits, in one transaction for all who wait at once.</summary>
internal sealed partial class AuditTableChain : IDisposable
{
    /// <summary>From here on the thread is woken for records that nobody waits for.</summary>
    private const long Much = 1024 * 1024;

    private const long CheckpointRecords = 10_000;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CheckpointEvery = TimeSpan.FromSeconds(1);

    /// <summary>How long an operation waits. A database that hangs denies.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly IAuditTable _table;
    private readonly AuditSigner _signer;
    private readonly TimeProvider _time;
    private readonly CheckpointExport _export;
    private readonly long _room;
    private readonly Thread _committer;
    private readonly byte[] _head = new byte[AuditFrame.HashSize];
    private MerkleTree _tree = new();
    private AuditBatch _batch = new();
    private long _writing;
    private long _lost;
    private long? _unsignedSince;
    private long _checkpointSize;
    private long _checkpointTime;
    private bool _isOpen;
    private bool _closed;

    internal AuditTableChain(IAuditTable table, AuditSigner signer, AuditFileSettings settings)
    {
        _table = table;
        _signer = signer;
        _time = settings.TimeProvider;
        _export = new CheckpointExport(settings.OnCheckpoint);
        _room = settings.TableRoom;
        try
        {
            _table.Open();
            Recover();
            _isOpen = true;
        }
        catch (Exception failure)
        {
            _table.Dispose();
            _signer.Dispose();
            _wake.Dispose();
            throw failure is AuditUnavailableException
                ? failure
                : new AuditUnavailableException($"The audit table can not be used ({failure.GetType().Name}).", failure);
        }

        _committer = new Thread(Commit) { IsBackground = true, Name = "LangGuard audit table" };
        _committer.Start();
    }

    internal string Id { get; private set; } = string.Empty;

    internal byte[] PublicKey => _signer.PublicKey;

    internal AuditEntryPool Entries { get; } = new();

    /// <summary>Keeps a record for the next transaction.</summary>
    /// <param name="entry">The record.</param>
    /// <param name="kind">Who waits for it.</param>
    /// <param name="isDurable">Whether it must survive the loss of power.</param>
    /// <returns>Ends when it is in the table.</returns>
    internal Task Add(AuditEntry entry, AuditTableRecord kind, bool isDurable)
    {
        var record = entry.Chained[AuditFrame.ChainSize..].ToArray();
        var isIntent = kind == AuditTableRecord.Intent;
        bool isMuch;
        Task done;
        lock (_lock)
        {
            if (Refusal(record.Length, kind) is { } refusal)
            {
                _lost += isIntent ? 0 : 1;
                throw new AuditUnavailableException(refusal);
            }

            _batch.Add(record, isIntent, isDurable);
            isMuch = _batch.Bytes >= Much;
            done = _batch.Done;
        }

        if (isIntent || isMuch)
        {
            _wake.Set();
        }

        return done;
    }

    /// <summary>Writes what waits and signs it.</summary>
    internal async Task CheckpointAsync()
    {
        Task done;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _batch.IsSigned = true;
            done = _batch.Done;
        }

        _wake.Set();
        await done.ConfigureAwait(false);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
        }

        _wake.Set();
        if (_committer.Join(Patience))
        {
            _table.Dispose();
            _signer.Dispose();
            _wake.Dispose();
        }
    }

    private void Commit()
    {
        bool closing;
        do
        {
            _wake.WaitOne(Beat);
            AuditBatch batch;
            lock (_lock)
            {
                closing = _closed;
                batch = _batch;
                _batch = new AuditBatch();
                _writing = batch.Bytes;
            }

            try
            {
                CommitBatch(batch, closing);
            }
            catch (Exception failure)
            {
                // A clock of the host's own, or a defect: the host goes on, and what waits is denied.
                _isOpen = false;
                batch.Fail(failure);
            }
        }
        while (!closing);
    }

    /// <summary>Why a record finds no room, or null. What was allowed has happened, so that its outcome finds more. Under the lock.</summary>
    private string? Refusal(int size, AuditTableRecord kind) =>
        _closed ? "The audit table is closed."
        : _writing + _batch.Bytes + size > (kind == AuditTableRecord.Outcome ? _room : _room / 3 * 2) ? "Too many audit records wait."
        : kind == AuditTableRecord.Intent && _unsignedSince is { } since && _time.GetElapsedTime(since) >= Patience ? "The audit can not be signed."
        : null;

    private void CommitBatch(AuditBatch batch, bool closing)
    {
        try
        {
            Reopen();
            if (batch.IsDurable || batch.IsSigned)
            {
                ThrowIfChanged();
            }

            if (batch.Outcomes.Count + batch.Intents.Count > 0)
            {
                Append(batch);
            }

            lock (_lock)
            {
                _writing = 0;
            }
        }
        catch (Exception failure)
        {
            // Nobody knows what is in the table now: it is read again before the next record.
            _isOpen = false;
            lock (_lock)
            {
                _batch.TakeOver(batch);
                _writing = 0;
            }

            batch.Fail(failure);
            return;
        }

        if (!batch.IsSigned)
        {
            batch.Succeed();
        }

        Sign(batch, closing);
    }

    private void Sign(AuditBatch batch, bool closing)
    {
        try
        {
            if (_tree.Size != _checkpointSize && (closing || batch.IsSigned || _tree.Size - _checkpointSize >= CheckpointRecords
                || _time.GetElapsedTime(_checkpointTime) >= CheckpointEvery))
            {
                ThrowIfChanged();
                Checkpoint();
            }

            batch.Succeed();
        }
        catch (Exception failure)
        {
            // The records stand; the next checkpoint covers them. When none can be made for long, nothing more is allowed.
            _isOpen = false;
            lock (_lock)
            {
                _unsignedSince ??= _time.GetTimestamp();
            }

            batch.Fail(failure);
        }
    }

    /// <summary>Looks whether the record that was written last still stands.</summary>
    private void ThrowIfChanged()
    {
        if (_tree.Size > 0 && Only(_tree.Size - 1)?.Hash.AsSpan().SequenceEqual(_head) != true)
        {
            throw Changed();
        }
    }

    private void Append(AuditBatch batch)
    {
        var rows = new List<AuditRow>(batch.Outcomes.Count + batch.Intents.Count + 1);
        var head = _head.ToArray();
        long lost;
        lock (_lock)
        {
            lost = _lost;
        }

        if (lost > 0)
        {
            Chain(rows, head, Event("gap", json => json.WriteNumber("lostOutcomes"u8, lost)));
        }

        foreach (var record in batch.Outcomes.Concat(batch.Intents))
        {
            Chain(rows, head, record);
        }

        Append(rows, batch.IsDurable);
        lock (_lock)
        {
            _lost -= lost;
        }
    }

    private void Append(List<AuditRow> rows, bool isDurable)
    {
        _table.Append(rows, isDurable);
        foreach (var row in rows)
        {
            _tree.Add(row.Hash);
            row.Hash.CopyTo(_head, 0);
        }
    }

    private void Chain(List<AuditRow> rows, byte[] head, byte[] record)
    {
        var number = _tree.Size + rows.Count;
        var chained = new byte[AuditFrame.ChainSize + record.Length];
        record.CopyTo(chained, AuditFrame.ChainSize);
        AuditFrame.Hash(chained, number, head, head);
        rows.Add(new AuditRow(number, head.ToArray(), record));
    }

    private void Checkpoint()
    {
        var checkpoint = AuditCheckpoint.Sign(Id, _tree, [.. _head], _time.GetUtcNow(), _signer);
        _table.Keep(checkpoint);
        lock (_lock)
        {
            _checkpointSize = _tree.Size;
            _checkpointTime = _time.GetTimestamp();
            _unsignedSince = null;
        }

        _export.Offer(checkpoint);
    }

    /// <summary>The text of a record about the audit itself.</summary>
    private byte[] Event(string phase, Action<System.Text.Json.Utf8JsonWriter> fields)
    {
        var entry = Entries.Rent();
        try
        {
            entry.WriteEvent(phase, _time.GetUtcNow(), fields);
            return entry.Chained[AuditFrame.ChainSize..].ToArray();
        }
        finally
        {
            Entries.Return(entry);
        }
    }
}
