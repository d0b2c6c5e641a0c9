using System.Collections.Concurrent;

namespace LangGuard.Misuse;

/// <summary>The counters of one session tree, or of one principal. One for each function that has a quota, so bounded.</summary>
internal sealed class UsageState
{
    private readonly UsageCounter[] _surfaces = [new(), new(), new(), new()];
    private readonly ConcurrentDictionary<string, UsageCounter> _functions = new(StringComparer.Ordinal);

    internal UsageCounter All { get; } = new();

    internal UsageCounter For(Surface surface) => _surfaces[(int)surface];

    internal UsageCounter For(string function) => _functions.GetOrAdd(function, static _ => new UsageCounter());
}
