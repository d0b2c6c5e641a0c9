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

    internal SessionTree(GuardSession root, TimeProvider timeProvider, TimeSpan lifetime, LayerState? ofPrincipal)
    {
        OfPrincipal = ofPrincipal ?? new LayerState();
        Root = root;
        TimeProvider = timeProvider;
        Started = timeProvider.GetTimestamp();
        Lifetime = lifetime;
        Approvals = new SessionApprovals(timeProvider);
    }

    internal GuardSession Root { get; }

    internal TimeProvider TimeProvider { get; }

    internal long Started { get; }

    internal TimeSpan Lifetime { get; }

    internal SessionApprovals Approvals { get; }

    /// <summary>What layers count for the principal over all sessions that the host keeps for it.</summary>
    internal LayerState OfPrincipal { get; }

    /// <summary>What the user wrote in this conversation.</summary>
    internal UserMessages UserMessages { get; } = new();

    internal bool IsFrozen => _frozen;

    internal bool HoldsUntrustedContent => _untrusted;

    internal bool HasEnded => _ended || TimeProvider.GetElapsedTime(Started) >= Lifetime;

    internal void End() => _ended = true;

    internal void SetFrozen(bool frozen) => _frozen = frozen;

    internal void MarkUntrusted() => _untrusted = true;

    internal long NextSequence() => Interlocked.Increment(ref _sequence);

    /// <summary>The state of one layer, made on first use and shared by the whole tree.</summary>
    internal T State<T>()
        where T : class, new() => _state.Get<T>();
}
