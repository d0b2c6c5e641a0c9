using System.Globalization;

namespace LangGuard.Misuse;

/// <summary>Quotas with every value set.</summary>
internal sealed record UsageLimits(
    long Calls, long BytesIn, long BytesOut, long Rows, TimeSpan Time, long Concurrency, TimeSpan Period)
{
    internal static UsageLimits None { get; } = new(
        long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue, TimeSpan.MaxValue, long.MaxValue, TimeSpan.MaxValue);

    internal bool IsNone { get; } = Calls == long.MaxValue && BytesIn == long.MaxValue && BytesOut == long.MaxValue
        && Rows == long.MaxValue && Time == TimeSpan.MaxValue && Concurrency == long.MaxValue;

    internal static UsageLimits Of(UsageLimitOptions options, string path, PolicyErrors errors)
    {
        Check(nameof(options.Calls), options.Calls, 0);
        Check(nameof(options.BytesIn), options.BytesIn, 0);
        Check(nameof(options.BytesOut), options.BytesOut, 0);
        Check(nameof(options.Rows), options.Rows, 0);
        Check(nameof(options.Time), options.Time?.Ticks, 1);
        Check(nameof(options.Concurrency), options.Concurrency, 1);
        Check(nameof(options.Period), options.Period?.Ticks, 1);
        return new UsageLimits(
            options.Calls ?? long.MaxValue,
            options.BytesIn ?? long.MaxValue,
            options.BytesOut ?? long.MaxValue,
            options.Rows ?? long.MaxValue,
            options.Time ?? TimeSpan.MaxValue,
            options.Concurrency ?? long.MaxValue,
            options.Period ?? TimeSpan.MaxValue);

        void Check(string name, long? value, long least)
        {
            if (value < least)
            {
                errors.Add(
                    $"{path}:{name}", value.Value.ToString(CultureInfo.InvariantCulture), "The quota is out of range.",
                    least == 0 ? "Use 0 or more, or leave it out for none." : "Use a positive value, or leave it out for none.");
            }
        }
    }

    /// <summary>The stricter of each. The longer period is the stricter one.</summary>
    internal UsageLimits Strictest(UsageLimits other) => new(
        Math.Min(Calls, other.Calls),
        Math.Min(BytesIn, other.BytesIn),
        Math.Min(BytesOut, other.BytesOut),
        Math.Min(Rows, other.Rows),
        Time < other.Time ? Time : other.Time,
        Math.Min(Concurrency, other.Concurrency),
        Period > other.Period ? Period : other.Period);

    /// <summary>The quota that these totals exceed, or null.</summary>
    internal Reason? Exceeded(in UsageTotals totals) =>
        totals.Calls > Calls ? UsageReasons.Calls
        : totals.Running > Concurrency ? UsageReasons.Concurrency
        : UsageAmounts.Sum(totals.BytesOut, totals.ReservedOut) > BytesOut || IsUsedUp(totals.BytesOut, BytesOut) ? UsageReasons.BytesOut
        : IsUsedUp(totals.BytesIn, BytesIn) ? UsageReasons.BytesIn
        : IsUsedUp(totals.Rows, Rows) ? UsageReasons.Rows
        : totals.Time >= Time ? UsageReasons.Time
        : null;

    // With a quota of 0 nothing can be moved, but what moves nothing may still run.
    private static bool IsUsedUp(long used, long limit) => used >= limit && used > 0;
}
