using System.Collections.Concurrent;

namespace LangGuard.Data;

/// <summary>Estimates by text, for a short while: data grows, and schemas change. Bounded.</summary>
internal sealed class PlanEstimates
{
    private const int Most = 1_024;
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (PlanEstimate? Estimate, long Time)> _estimates = new(StringComparer.Ordinal);

    internal bool TryGet(string text, TimeProvider clock, out PlanEstimate? estimate)
    {
        var isKnown = _estimates.TryGetValue(text, out var known) && clock.GetElapsedTime(known.Time) < Age;
        estimate = isKnown ? known.Estimate : null;
        return isKnown;
    }

    internal void Add(string text, TimeProvider clock, PlanEstimate? estimate)
    {
        if (_estimates.Count >= Most)
        {
            _estimates.Clear();
        }

        _estimates[text] = (estimate, clock.GetTimestamp());
    }
}
