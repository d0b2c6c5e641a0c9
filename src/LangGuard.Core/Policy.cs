using LangGuard.Auditing;
using LangGuard.Misuse;

namespace LangGuard;

/// <summary>What one agent may do: permissions that can allow, and misuse layers that can only object. Immutable and
/// thread-safe; compiled so that ten thousand rules cost the same as one.</summary>
/// <remarks>
/// An operation runs when a permission allows it and no layer objects; the strictest vote wins; order does not matter.
/// Without an allow the result is a denial and nobody is asked.
/// </remarks>
public sealed class Policy
{
    private readonly PermissionSet[] _permissions;
    private readonly MisuseLayer[] _misuse;
    private readonly MisuseLayer[][] _misuseBySurface;
    private readonly MisuseLayer[][] _reviewingBySurface;
    private readonly MisuseLayer[][] _reservingBySurface;
    private readonly MisuseLayer[][] _reportOnlyBySurface;
    private string? _hash;

    internal Policy(
        string name,
        PolicyOptions options,
        IEnumerable<PermissionSet> permissions,
        IEnumerable<MisuseLayer> misuse,
        PolicyDependencies dependencies)
    {
        Name = name;
        Options = options;
        Dependencies = dependencies;
        _permissions = [.. permissions];
        _misuse = [.. misuse];
        _misuseBySurface = new MisuseLayer[4][];
        _reviewingBySurface = new MisuseLayer[4][];
        _reservingBySurface = new MisuseLayer[4][];
        _reportOnlyBySurface = new MisuseLayer[4][];
        for (var surface = 0; surface < _misuseBySurface.Length; surface++)
        {
            var covering = _misuse.Where(layer => layer.Covers((Surface)surface)).ToList();
            _misuseBySurface[surface] = [.. covering.Where(layer => !layer.IsReportOnly)];
            _reviewingBySurface[surface] = [.. _misuseBySurface[surface].Where(layer => layer.Reviews)];
            _reportOnlyBySurface[surface] = [.. covering.Where(layer => layer.IsReportOnly)];
            _reservingBySurface[surface] = [.. covering.Where(layer => layer.Reserves)];
        }
    }

    /// <summary>The name of the agent the policy is for; <c>default</c> for the unnamed one.</summary>
    public string Name { get; }

    /// <summary>The model the policy was compiled from. Nobody changes it any more.</summary>
    internal PolicyOptions Options { get; }

    internal PolicyDependencies Dependencies { get; }

    /// <summary>Those of the policies that narrow this one.</summary>
    internal PolicyDependencies[] NarrowedBy { get; private init; } = [];

    /// <summary>Where decisions and outcomes are recorded: wherever this policy or one that narrows it says.</summary>
    internal Auditing.IAuditSink[] AuditSinks => NarrowedBy.Length == 0 ? Dependencies.AuditSinks : field ??= Auditing.AuditSinks.Of(Dependencies, NarrowedBy);

    /// <summary>Whether a layer learns from results of this kind where values come from.</summary>
    internal bool Observes(Surface surface)
    {
        foreach (var layer in _misuse)
        {
            if (layer is UntrustedContentLayer content)
            {
                return surface != Surface.Http || content.LearnsFromHttp;
            }
        }

        return false;
    }

    /// <summary>Whether honest listing and searching pass a file by.</summary>
    internal bool IsCanary(string root, string path)
    {
        foreach (var layer in _misuse)
        {
            if (layer is CanaryLayer canaries && canaries.IsCanary(root, path))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the user may name targets: only when every policy in force says so.</summary>
    internal UserWords UserWords =>
        _misuse.OfType<UntrustedContentLayer>().Any(layer => layer.UserWords == UserWords.Untrusted) ? UserWords.Untrusted : UserWords.Trusted;

    /// <summary>Names exactly this policy in the audit.</summary>
    internal string Hash => _hash ??= PolicyHash.Of(
        Name, Options, _permissions.SelectMany(set => set.Layers).Select(layer => layer.Name).Concat(_misuse.Select(layer => layer.Name))
            .Concat(Dependencies.Off.Any ? [$"without {Dependencies.Off}"] : []));

    internal IReadOnlyList<PermissionSet> PermissionSets => _permissions;

    internal IReadOnlyList<MisuseLayer> MisuseLayers => _misuse;

    /// <summary>Builds a policy in code.</summary>
    /// <param name="configure">Says what is permitted; with nothing said, everything is denied.</param>
    /// <param name="name">The name of the agent.</param>
    /// <exception cref="PolicyValidationException">The policy has errors; all of them are listed.</exception>
    public static Policy Create(Action<PolicyBuilder> configure, string name = PolicyBuilder.DefaultName)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new PolicyBuilder(name);
        configure(builder);
        return builder.Build();
    }

    /// <summary>Decides, without effect: no input or output, no counting, no asking.</summary>
    /// <param name="operation">What is about to be done.</param>
    /// <param name="session">The session it is done in; misuse layers read its state.</param>
    public Decision Decide(Operation operation, GuardSession session)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(session);
        return Decide(operation, session, null);
    }

    /// <summary>Decides and returns every vote, for diagnosis. Slower than <see cref="Decide(Operation, GuardSession)"/>
    /// and always of the same opinion.</summary>
    public Explanation Explain(Operation operation, GuardSession session)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(session);
        var votes = new List<LayerVote>();
        foreach (var set in _permissions)
        {
            foreach (var layer in set.Layers.Where(layer => layer.Covers(operation.Surface)))
            {
                votes.Add(LayerVote.Of(layer, operation));
            }
        }

        foreach (var layer in _misuseBySurface[(int)operation.Surface])
        {
            votes.Add(LayerVote.Of(layer, operation, session));
        }

        foreach (var layer in _reportOnlyBySurface[(int)operation.Surface])
        {
            var vote = LayerVote.Of(layer, operation, session);
            votes.Add(vote with { Vote = $"ReportOnly:{vote.Vote}" });
        }

        return new Explanation(Decide(operation, session, null), votes);
    }

    /// <summary>The policy that allows only what both allow. Used for child sessions, reloads and second
    /// registrations: it can only narrow.</summary>
    public Policy Intersect(Policy other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(this, other))
        {
            return this;
        }

        var misuse = new List<MisuseLayer>(_misuse);
        foreach (var layer in other._misuse)
        {
            if (misuse.Contains(layer))
            {
                continue;
            }

            // Layers that count share the session's counters, so two of one kind become one with the lower limits.
            var same = misuse.FindIndex(mine => mine.GetType() == layer.GetType());
            if (same >= 0 && misuse[same].IsReportOnly != layer.IsReportOnly && layer is IMergeableLayer)
            {
                // The one that is enforced stays; both would count everything twice.
                misuse[same] = layer.IsReportOnly ? misuse[same] : layer;
            }
            else if (same >= 0 && misuse[same] is IMergeableLayer mergeable)
            {
                misuse[same] = mergeable.Merge(layer);
            }
            else
            {
                misuse.Add(layer);
            }
        }

        return new Policy(Name, Options, _permissions.Union(other._permissions), misuse, Dependencies)
        {
            NarrowedBy = [.. NarrowedBy.Append(other.Dependencies).Concat(other.NarrowedBy).Distinct().Where(narrower => narrower != Dependencies)],
            _hash = PolicyHash.Of(Hash, other.Hash),
        };
    }

    internal Decision Decide(Operation operation, GuardSession session, Approval? approval)
    {
        Grant? grant = null;
        foreach (var set in _permissions)
        {
            var vote = set.Decide(operation);
            if (vote.Kind != DecisionKind.Allow)
            {
                return vote;
            }

            grant = grant is null ? vote.Grant : Intersect(grant, vote.Grant!);
        }

        return grant is null ? Decision.Deny(Reasons.NothingGranted) : Review(operation, session, approval, grant);
    }

    /// <summary>The misuse layers that count operations of a surface.</summary>
    internal MisuseLayer[] Reserving(Surface surface) => _reservingBySurface[(int)surface];

    /// <summary>What a layer that only reports would have objected to, or null.</summary>
    internal Reason? Reported(Operation operation, GuardSession session)
    {
        foreach (var layer in _reportOnlyBySurface[(int)operation.Surface])
        {
            try
            {
                if (layer.Review(operation, session) is { Kind: not ObjectionKind.None } objection)
                {
                    return objection.Reason;
                }
            }
            catch (Exception)
            {
                return Reasons.LayerFault;
            }
        }

        return null;
    }

    /// <summary>The rule ids of every layer that asks: what an approval must cover.</summary>
    internal IReadOnlyList<Reason> Asking(Operation operation, GuardSession session)
    {
        var asking = new List<Reason>();
        foreach (var layer in _misuseBySurface[(int)operation.Surface])
        {
            var objection = layer.Review(operation, session);
            if (objection.Kind == ObjectionKind.Ask)
            {
                asking.Add(objection.Reason!);
            }
        }

        return asking;
    }

    private static Grant Intersect(Grant mine, Grant other) => ReferenceEquals(mine, other) ? mine : mine.Intersect(other);

    private Decision Review(Operation operation, GuardSession session, Approval? approval, Grant grant)
    {
        Reason? asking = null;
        try
        {
            foreach (var layer in _reviewingBySurface[(int)operation.Surface])
            {
                var objection = layer.Review(operation, session);
                switch (objection.Kind)
                {
                    case ObjectionKind.None:
                        break;
                    case ObjectionKind.Ask:
                        if (approval is null || !approval.Covers(objection.Reason!))
                        {
                            asking ??= objection.Reason;
                        }

                        break;
                    case ObjectionKind.Deny:
                        return Decision.Deny(objection.Reason!);
                    default:
                        return Decision.Deny(Reasons.InvalidVote);
                }
            }
        }
        catch (Exception)
        {
            // A layer that fails must not open the way for the ones after it.
            return Decision.Deny(Reasons.LayerFault);
        }

        return asking is null ? Decision.Allow(grant) : Decision.Ask(asking, grant);
    }
}
