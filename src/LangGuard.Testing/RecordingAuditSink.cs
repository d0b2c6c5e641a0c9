using LangGuard.Auditing;

namespace LangGuard.Testing;

/// <summary>Keeps every audit record in memory, in order. Safe for concurrent use.</summary>
public sealed class RecordingAuditSink : IAuditSink
{
    private readonly Lock _lock = new();
    private readonly List<AuditRecord> _records = [];

    /// <summary>All records so far.</summary>
    public IReadOnlyList<AuditRecord> Records
    {
        get
        {
            lock (_lock)
            {
                return [.. _records];
            }
        }
    }

    /// <summary>The decisions, without the outcomes.</summary>
    public IReadOnlyList<AuditRecord> Decisions => [.. Records.Where(record => record.Phase == AuditPhase.Decision)];

    /// <summary>The rule ids of all denials, in order.</summary>
    public IReadOnlyList<string> DeniedRules =>
        [.. Decisions.Where(record => !record.Decision.IsAllowed).Select(record => record.Decision.Reason?.Rule ?? string.Empty)];

    /// <inheritdoc />
    public void Write(in AuditRecord record)
    {
        lock (_lock)
        {
            _records.Add(record);
        }
    }
}
