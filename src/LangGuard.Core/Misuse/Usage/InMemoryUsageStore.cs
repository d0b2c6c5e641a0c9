namespace LangGuard.Misuse;

/// <summary>Counts what principals use in this process, over all sessions, whoever keeps them.</summary>
/// <remarks>Bounded: when it is full of scopes whose period is not over, it throws, which denies.</remarks>
public sealed class InMemoryUsageStore : IUsageStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, UsageScope> _scopes = new(StringComparer.Ordinal);
    private readonly int _capacity;

    /// <summary>Creates an empty store.</summary>
    /// <param name="capacity">The most scopes it counts for; positive.</param>
    public InMemoryUsageStore(int capacity = 100_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _capacity = capacity;
    }

    /// <inheritdoc />
    public UsageTotals Reserve(UsageReservation reservation, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(reservation);
        lock (_lock)
        {
            return Scope(reservation, now).Reserve(reservation, now);
        }
    }

    /// <inheritdoc />
    public void Settle(UsageReservation reservation, OperationOutcome outcome, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(reservation);
        lock (_lock)
        {
            Scope(reservation, now).Settle(reservation, outcome, now);
        }
    }

    private UsageScope Scope(UsageReservation reservation, DateTimeOffset now)
    {
        if (_scopes.TryGetValue(reservation.Scope, out var scope))
        {
            return scope;
        }

        if (_scopes.Count >= _capacity)
        {
            foreach (var (name, other) in _scopes)
            {
                if (other.IsOver(now))
                {
                    _scopes.Remove(name);
                }
            }

            if (_scopes.Count >= _capacity)
            {
                throw new InvalidOperationException("The store counts for too many principals.");
            }
        }

        _scopes.Add(reservation.Scope, scope = new UsageScope(now));
        return scope;
    }
}
