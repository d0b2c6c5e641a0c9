using LangGuard.Auditing;

namespace LangGuard.Replay;

/// <summary>Records what a run did, to derive the smallest policy that allows it again, or to see what another policy would
/// have decided. An audit sink for development; bounded.</summary>
/// <param name="capacity">Operations that are kept at most; later ones are counted as missed.</param>
public sealed class PolicyRecorder(int capacity = 100_000) : IAuditSink
{
    private readonly Lock _lock = new();
    private readonly List<(Operation Operation, Decision Decision)> _operations = [];

    /// <summary>Operations that found no room. Then a learnt policy is too small.</summary>
    public int Missed { get; private set; }

    internal IReadOnlyList<(Operation Operation, Decision Decision)> Operations
    {
        get
        {
            lock (_lock)
            {
                return [.. _operations];
            }
        }
    }

    /// <inheritdoc />
    public void Write(in AuditRecord record)
    {
        if (record.Phase != AuditPhase.Decision || record.Operation is null)
        {
            return;
        }

        lock (_lock)
        {
            if (_operations.Count < capacity)
            {
                _operations.Add((record.Operation, record.Decision));
            }
            else
            {
                Missed++;
            }
        }
    }

    /// <summary>The smallest policy that allows what the run was allowed to do, as configuration in JSON. The same run gives the
    /// same text. Review it: it is what the agent did, not what it should do.</summary>
    /// <param name="roots">The directories of the file roots, by name.</param>
    public string Learn(IReadOnlyDictionary<string, string>? roots = null) =>
        LearnedPolicy.Of(Operations.Where(entry => entry.Decision.IsAllowed).Select(entry => entry.Operation), roots ?? new Dictionary<string, string>());

    /// <summary>What another policy would have decided differently, each operation in a fresh session.</summary>
    public IReadOnlyList<ReplayDifference> Replay(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var differences = new List<ReplayDifference>();
        foreach (var (operation, before) in Operations)
        {
            using var session = GuardSession.Create(policy, operation.Principal);
            var after = policy.Decide(operation, session);
            if (after.Kind != before.Kind)
            {
                differences.Add(new ReplayDifference(operation, before, after));
            }
        }

        return differences;
    }
}
