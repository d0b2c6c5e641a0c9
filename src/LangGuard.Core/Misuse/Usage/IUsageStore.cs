namespace LangGuard.Misuse;

/// <summary>Counts what principals use, on the server's side, so that several hosts share one quota. A store that throws or
/// does not answer denies.</summary>
/// <remarks>Members are called from several threads, and from several processes where the store is shared. Each is one atomic
/// step. The store counts; the limits are the policy's.</remarks>
public interface IUsageStore
{
    /// <summary>Counts one attempt, reserves, and answers with the totals that contain both. What is added here stays added,
    /// whatever the caller decides; the caller settles it in any case.</summary>
    /// <remarks>A period that is over ends first: its totals begin at zero and reservations stay. A reservation that lapsed
    /// before it was settled belongs to a host that is gone: it counts as used in full and runs no more.</remarks>
    /// <param name="reservation">What is reserved, and for whom.</param>
    /// <param name="now">The time.</param>
    UsageTotals Reserve(UsageReservation reservation, DateTimeOffset now);

    /// <summary>Replaces a reservation by what was really used. One that has lapsed counts only what goes beyond it.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <param name="outcome">What was used.</param>
    /// <param name="now">The time.</param>
    void Settle(UsageReservation reservation, OperationOutcome outcome, DateTimeOffset now);
}
