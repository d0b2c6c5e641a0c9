using LangGuard.Misuse;

namespace LangGuard;

/// <summary>What a session shares with its parent and its children: labels, counters, freeze, approvals, expiry.</summary>
internal sealed class SessionTree
{
    private readonly LayerState _state = new();
    private long _sequence;
    private volatile bool _ended;
    private volatile bool _frozen;
    private volatile bool _untrusted;
    private volatile bool _untrustedElsewhere;
    private string? _untrustedRoot;

    internal SessionTree(GuardSession root, PolicyDependencies dependencies, TimeSpan lifetime, LayerState? ofPrincipal)
    {
        OfPrincipal = ofPrincipal ?? new LayerState();
        Root = root;
        TimeProvider = dependencies.TimeProvider;
        Started = TimeProvider.GetTimestamp();
        Lifetime = lifetime;
        Approvals = new SessionApprovals(TimeProvider, dependencies.Get<IApprovalStore>(), ApprovalScope(root));
    }

    internal GuardSession Root { get; }

    internal TimeProvider TimeProvider { get; }

    internal long Started { get; }

    internal TimeSpan Lifetime { get; }

    internal SessionApprovals Approvals { get; }

    /// <summary>What layers count for the principal over all sessions that the host keeps for it.</summary>
    internal LayerState OfPrincipal { get; }

    /// <summary>Who shares the quotas of a principal.</summary>
    internal string PrincipalScope => field ??= Scope(Root.Agent, Root.Principal.Tenant, Root.Principal.Id);

    /// <summary>Whose approvals these are: the conversation of a principal with an agent, else this session.</summary>
    private static string ApprovalScope(GuardSession root) =>
        Scope(root.Agent, root.Principal.Tenant, root.Principal.Id, root.ConversationId ?? "session:" + root.Id);

    // Lengths keep one part from running into the next.
    private static string Scope(params string?[] parts) =>
        string.Join('|', parts.Select(part => part is null ? "-" : $"{part.Length}:{part}"));

    internal bool IsFrozen => _frozen;

    internal bool HoldsUntrustedContent => _untrusted;

    internal bool HasEnded => _ended || IsOver();

    internal void End() => _ended = true;

    internal void SetFrozen(bool frozen) => _frozen = frozen;

    /// <summary>Labels the tree. A root says that the content came from there and from nowhere else.</summary>
    internal void MarkUntrusted(string? root = null)
    {
        var first = root is null ? null : Interlocked.CompareExchange(ref _untrustedRoot, root, null) ?? root;
        _untrustedElsewhere |= root is null || !string.Equals(first, root, StringComparison.Ordinal);
        _untrusted = true;
    }

    /// <summary>Whether all untrusted content came from this root.</summary>
    internal bool IsUntrustedOnlyBy(string root) =>
        !_untrustedElsewhere && string.Equals(_untrustedRoot, root, StringComparison.Ordinal);

    private bool IsOver()
    {
        try
        {
            return TimeProvider.GetElapsedTime(Started) >= Lifetime;
        }
        catch (Exception)
        {
            // Nobody knows the time: a clock of the host's own that fails ends what has a lifetime.
            return true;
        }
    }

    internal long NextSequence() => Interlocked.Increment(ref _sequence);

    /// <summary>The state of one layer, made on first use and shared by the whole tree.</summary>
    internal T State<T>()
        where T : class, new() => _state.Get<T>();
}
