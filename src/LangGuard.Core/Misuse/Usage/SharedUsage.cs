using System.Collections.Concurrent;

namespace LangGuard.Misuse;

/// <summary>The quota of a principal in a store that hosts share. A store that throws or hangs denies; what could not be settled
/// is settled before anything else is allowed.</summary>
internal sealed class SharedUsage
{
    /// <summary>How long a caller waits for the store.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestLease = TimeSpan.FromDays(1);

    private readonly IUsageStore _store;
    private readonly PatientThreads _threads = new(Patience);
    private readonly ConcurrentQueue<(UsageReservation Reservation, OperationOutcome Outcome)> _unsettled = new();
    private readonly Lock _late = new();
    private int _overdue;

    internal SharedUsage(IUsageStore store) => _store = store;

    /// <summary>Counts the attempt and reserves. Always to be settled, also when a reason comes back.</summary>
    internal Reason? TryReserve(UsageLimits limits, Operation operation, GuardSession session, long bytesOut)
    {
        var clock = session.Tree.TimeProvider;
        var now = clock.GetUtcNow();
        var lease = session.Tree.Lifetime < LongestLease ? session.Tree.Lifetime : LongestLease;
        var reservation = new UsageReservation(
            Guid.NewGuid().ToString("N"), session.Tree.PrincipalScope, bytesOut, limits.Period == TimeSpan.MaxValue ? null : limits.Period, now + lease);
        var open = session.State<OpenReservations>();
        try
        {
            if (Volatile.Read(ref _overdue) > 0)
            {
                throw new TimeoutException("The store still owes what was used before.");
            }

            var totals = _threads.Run(
                () =>
                {
                    SettleLate(clock);
                    return _store.Reserve(reservation, now);
                },
                late: () => Settle(reservation, default, clock));
            open.Add(operation, reservation);
            return Contain(totals, bytesOut) ? limits.Exceeded(totals) : UsageReasons.Store;
        }
        catch (Exception)
        {
            open.Add(operation, null);
            return UsageReasons.Store;
        }
    }

    /// <summary>Whether totals hold what was just counted: a store that answers with less counts nothing.</summary>
    private static bool Contain(in UsageTotals totals, long bytesOut) =>
        totals is { Calls: >= 1, Running: >= 1, BytesIn: >= 0, BytesOut: >= 0, Rows: >= 0 } && totals.Time >= TimeSpan.Zero && totals.ReservedOut >= bytesOut;

    internal void Settle(Operation operation, GuardSession session, OperationOutcome outcome)
    {
        if (session.State<OpenReservations>().Take(operation, outcome.Status == OutcomeStatus.Denied) is not { } reservation)
        {
            return;
        }

        var clock = session.Tree.TimeProvider;
        var state = 0;
        try
        {
            _threads.Run(
                () =>
                {
                    Settle(reservation, outcome, clock);
                    return Interlocked.Exchange(ref state, 2) == 1 ? Interlocked.Decrement(ref _overdue) : 0;
                },
                late: null);
        }
        catch (TimeoutException)
        {
            // It is carried out when the store answers. Until then nothing more is allowed, because its use is not counted.
            if (Interlocked.CompareExchange(ref state, 1, 0) == 0)
            {
                Interlocked.Increment(ref _overdue);
            }
        }
    }

    /// <summary>Invariant: what was used is never forgotten, or a store that fails at the right time would widen a quota.</summary>
    private void Settle(UsageReservation reservation, OperationOutcome outcome, TimeProvider clock)
    {
        try
        {
            _store.Settle(reservation, outcome, clock.GetUtcNow());
        }
        catch (Exception)
        {
            _unsettled.Enqueue((reservation, outcome));
        }
    }

    private void SettleLate(TimeProvider clock)
    {
        if (_unsettled.IsEmpty)
        {
            return;
        }

        lock (_late)
        {
            while (_unsettled.TryPeek(out var late))
            {
                _store.Settle(late.Reservation, late.Outcome, clock.GetUtcNow());
                _unsettled.TryDequeue(out _);
            }
        }
    }
}
