namespace LangGuard.Data;

/// <summary>The changes of one session tree in one database, with the rows as they were. Bounded by bytes; nothing that may
/// still be undone is evicted.</summary>
internal sealed class DatabaseJournal
{
    private readonly Lock _lock = new();
    private readonly List<DatabaseJournalEntry> _entries = [];
    private long _bytes;
    private long _next = 1;

    internal IReadOnlyList<DatabaseJournalEntry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries];
            }
        }
    }

    /// <summary>Writes down a change before it is made to last.</summary>
    /// <returns>False when there is no room for it.</returns>
    internal bool TryAdd(DatabaseJournalEntry entry, long maxBytes)
    {
        lock (_lock)
        {
            if (_bytes + entry.Bytes > maxBytes)
            {
                return false;
            }

            _bytes += entry.Bytes;
            entry.Number = _next++;
            _entries.Add(entry);
            return true;
        }
    }

    /// <summary>Forgets a change: it did not last, or is not to be undone any more.</summary>
    internal void Remove(DatabaseJournalEntry entry)
    {
        lock (_lock)
        {
            if (_entries.Remove(entry))
            {
                _bytes -= entry.Bytes;
            }
        }
    }
}
