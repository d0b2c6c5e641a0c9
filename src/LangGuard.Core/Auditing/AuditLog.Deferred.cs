namespace LangGuard.Auditing;

/// <summary>Records for which nobody waits, written down by the background thread: an operation does not pay for them.</summary>
internal sealed partial class AuditLog
{
    /// <summary>From here on the background thread is woken.</summary>
    private const int Many = 1024;

    /// <summary>From here on whoever adds a record writes all of them down: nothing is dropped and memory is bounded.</summary>
    private const int TooMany = 8 * Many;

    private readonly Lock _deferredLock = new();
    private readonly Lock _writingDeferred = new();
    private AuditRecord[] _deferred = new AuditRecord[64];
    private AuditRecord[] _spareDeferred = new AuditRecord[64];
    private int _deferredCount;

    /// <summary>Keeps a record that is written down soon. When it is lost, its intent says "unknown".</summary>
    internal void Defer(in AuditRecord record)
    {
        if (Volatile.Read(ref _closed) || Volatile.Read(ref _fault) is not null)
        {
            throw Refusal()!;
        }

        int count;
        lock (_deferredLock)
        {
            if (_deferredCount == _deferred.Length)
            {
                Array.Resize(ref _deferred, _deferred.Length * 2);
            }

            _deferred[_deferredCount++] = record;
            count = _deferredCount;
        }

        if (count == Many)
        {
            _wake.Set();
        }
        else if (count >= TooMany)
        {
            WriteDeferred();
        }
    }

    /// <summary>Writes down what was kept until now, in its order. Not under the lock.</summary>
    private void WriteDeferred()
    {
        if (!_writingDeferred.TryEnter(Patience))
        {
            throw new AuditUnavailableException("The audit file does not answer.");
        }

        try
        {
            int count;
            lock (_deferredLock)
            {
                (_deferred, _spareDeferred) = (_spareDeferred, _deferred);
                count = _deferredCount;
                _deferredCount = 0;
            }

            WriteDeferred(_spareDeferred.AsSpan(0, count));
        }
        finally
        {
            _writingDeferred.Exit();
        }
    }

    private void WriteDeferred(Span<AuditRecord> records)
    {
        var at = 0;
        try
        {
            for (; at < records.Length; at++)
            {
                WriteDeferred(records[at]);
            }
        }
        finally
        {
            Interlocked.Add(ref _lost, records.Length - at);
            records.Clear();
        }
    }

    private void WriteDeferred(in AuditRecord record)
    {
        var entry = Entries.Rent();
        try
        {
            try
            {
                AuditRecordWriter.Write(entry, record);
            }
            catch (Exception)
            {
                // There is no text for it: that loses this record and not those behind it.
                Interlocked.Increment(ref _lost);
                return;
            }

            if (!_lock.TryEnter(Patience))
            {
                throw new AuditUnavailableException("The audit file does not answer.");
            }

            try
            {
                Add(entry);
            }
            finally
            {
                _lock.Exit();
            }
        }
        finally
        {
            Entries.Return(entry);
        }
    }
}
