namespace LangGuard.Misuse;

/// <summary>Sums that stop at the top instead of running over.</summary>
internal static class UsageAmounts
{
    internal static long Sum(long total, long more) => more <= 0 ? total : total > long.MaxValue - more ? long.MaxValue : total + more;

    internal static TimeSpan Sum(TimeSpan total, TimeSpan more) => TimeSpan.FromTicks(Sum(total.Ticks, more.Ticks));
}
