using LangGuard.Misuse;

namespace LangGuard;

/// <summary>What a session shares with its parent and its children: labels, counters, freeze, approvals, expiry.</summary>
internal sealed class SessionTree
{
    private readonly Lock _lock = new();
    private object?[] _state = [];
    private long _sequence;
    private volatile bool _ended;
    private volatile bool _frozen;
    private volatile bool _untrusted;

    internal SessionTree(GuardSession root, TimeProvider timeProvider, TimeSpan lifetime)
    {
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

    internal bool IsFrozen => _frozen;

    internal bool HoldsUntrustedContent => _untrusted;

    internal bool HasEnded => _ended || TimeProvider.GetElapsedTime(Started) >= Lifetime;

    internal void End() => _ended = true;

    internal void SetFrozen(bool frozen) => _frozen = frozen;

    internal void MarkUntrusted() => _untrusted = true;

    internal long NextSequence() => Interlocked.Increment(ref _sequence);

    /// <summary>The state of one layer, made on first use and shared by the whole tree.</summary>
    internal T State<T>()
        where T : class, new()
    {
        var index = StateSlot<T>.Index;
        var state = Volatile.Read(ref _state);
        return index < state.Length && state[index] is T existing ? existing : Create<T>(index);
    }

    private T Create<T>(int index)
        where T : class, new()
    {
        lock (_lock)
        {
            if (index < _state.Length && _state[index] is T existing)
            {
                return existing;
            }

            var created = new T();
            var copy = new object?[Math.Max(_state.Length, index + 1)];
            _state.CopyTo(copy, 0);
            copy[index] = created;
            Volatile.Write(ref _state, copy);
            return created;
        }
    }
}
