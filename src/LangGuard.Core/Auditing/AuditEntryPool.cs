namespace LangGuard.Auditing;

/// <summary>Keeps a few entries for the next records.</summary>
internal sealed class AuditEntryPool
{
    private readonly AuditEntry?[] _entries = new AuditEntry?[Math.Max(8, Environment.ProcessorCount * 2)];

    internal AuditEntry Rent()
    {
        for (var i = 0; i < _entries.Length; i++)
        {
            if (_entries[i] is not null && Interlocked.Exchange(ref _entries[i], null) is { } entry)
            {
                entry.Reset();
                return entry;
            }
        }

        return new AuditEntry();
    }

    internal void Return(AuditEntry entry)
    {
        for (var i = 0; i < _entries.Length; i++)
        {
            if (_entries[i] is null && Interlocked.CompareExchange(ref _entries[i], entry, null) is null)
            {
                return;
            }
        }

        entry.Dispose();
    }
}
