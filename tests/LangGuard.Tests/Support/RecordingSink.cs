using LangGuard.Auditing;

namespace LangGuard.Tests.Support;

/// <summary>Keeps what it is given, or fails.</summary>
internal sealed class RecordingSink(bool fails = false) : IAuditSink
{
    private readonly Lock _lock = new();
    private readonly List<AuditRecord> _records = [];

    internal IReadOnlyList<AuditRecord> Records
    {
        get
        {
            lock (_lock)
            {
                return [.. _records];
            }
        }
    }

    public void Write(in AuditRecord record)
    {
        if (fails)
        {
            throw new IOException("disk full");
        }

        lock (_lock)
        {
            _records.Add(record);
        }
    }
}
