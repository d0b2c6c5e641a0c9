namespace LangGuard.Auditing;

/// <summary>Keeps a flood of denials from filling the audit: the first is recorded whole, those like it are counted,
/// and the last stands for them.</summary>
/// <remarks>Alike are denials of one principal by one rule for one resource; when a principal is denied very often, by
/// one rule for any resource. Bounded: what falls out is written first, so nothing is lost but detail.</remarks>
internal sealed class DenialCoalescer(TimeProvider time)
{
    private const int MaxKept = 1024;

    /// <summary>Denials of one principal that are recorded whole within one window.</summary>
    private const int MaxWhole = 256;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private readonly Lock _lock = new();
    private readonly Dictionary<Key, Kept> _kept = [];
    private readonly Dictionary<(string?, string), int> _whole = [];
    private long _windowStart = time.GetTimestamp();

    internal bool IsRepeat(in AuditRecord record, out IReadOnlyList<DenialSummary> due)
    {
        var principal = record.Operation.Principal;
        var rule = record.Decision.Reason?.Rule ?? string.Empty;
        var key = new Key(principal.Tenant, principal.Id, rule, string.GetHashCode(record.Operation.Resource, StringComparison.Ordinal));
        lock (_lock)
        {
            due = [];
            if (time.GetElapsedTime(_windowStart) >= Window || _kept.Count >= MaxKept)
            {
                due = Take();
                _windowStart = time.GetTimestamp();
            }

            if (Count(key, record))
            {
                return true;
            }

            var who = (principal.Tenant, principal.Id);
            var whole = _whole.GetValueOrDefault(who);
            if (whole >= MaxWhole)
            {
                key = key with { Resource = 0 };
                if (Count(key, record))
                {
                    return true;
                }
            }

            _whole[who] = whole + 1;
            _kept.Add(key, new Kept());
            return false;
        }
    }

    internal IReadOnlyList<DenialSummary> TakeAll()
    {
        lock (_lock)
        {
            return Take();
        }
    }

    private bool Count(Key key, in AuditRecord record)
    {
        if (!_kept.TryGetValue(key, out var kept))
        {
            return false;
        }

        kept.Count++;
        kept.Last = record;
        return true;
    }

    private List<DenialSummary> Take()
    {
        var due = _kept.Values.Where(kept => kept.Count > 0).Select(kept => new DenialSummary(kept.Last, kept.Count)).ToList();
        _kept.Clear();
        _whole.Clear();
        return due;
    }

    private readonly record struct Key(string? Tenant, string Principal, string Rule, int Resource);

    private sealed class Kept
    {
        internal long Count { get; set; }

        internal AuditRecord Last { get; set; }
    }
}
