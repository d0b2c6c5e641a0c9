namespace LangGuard;

/// <summary>The policy that a session obeys now: every start policy of its chain and every current one, combined.</summary>
internal sealed class SessionPolicy
{
    private readonly Policy _start;
    private readonly PolicySource[] _sources;
    private Snapshot _snapshot;

    internal SessionPolicy(Policy start, PolicySource[] sources)
    {
        _start = start;
        _sources = sources;
        _snapshot = Combine();
    }

    internal IReadOnlyList<PolicySource> Sources => _sources;

    internal Policy Start => _start;

    internal bool IsFrozen
    {
        get
        {
            foreach (var source in _sources)
            {
                if (source.IsFrozen)
                {
                    return true;
                }
            }

            return false;
        }
    }

    internal Policy Effective
    {
        get
        {
            var snapshot = Volatile.Read(ref _snapshot);
            for (var i = 0; i < _sources.Length; i++)
            {
                if (!ReferenceEquals(_sources[i].Current, snapshot.Seen[i]))
                {
                    Volatile.Write(ref _snapshot, snapshot = Combine());
                    break;
                }
            }

            return snapshot.Policy;
        }
    }

    private Snapshot Combine()
    {
        var seen = Array.ConvertAll(_sources, source => source.Current);
        return new Snapshot(seen.Aggregate(_start, (policy, current) => policy.Intersect(current)), seen);
    }

    private sealed record Snapshot(Policy Policy, Policy[] Seen);
}
