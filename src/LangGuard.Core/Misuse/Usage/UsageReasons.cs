namespace LangGuard.Misuse;

/// <summary>The denials of quotas.</summary>
internal static class UsageReasons
{
    internal static readonly Reason Calls = new(
        "usage.calls", "The quota of calls is used up. Stop and tell the user what is done and what is not.", Retry.No,
        "AnticipateMisuse(misuse => misuse.LimitUsage(u => u.Calls(...)))");

    internal static bool IsOne(Reason? reason) => reason is not null && reason.Rule.StartsWith("usage.", StringComparison.Ordinal);

    internal static readonly Reason BytesIn = new(
        "usage.bytes-in", "The quota of bytes to read is used up.", Retry.No,
        "AnticipateMisuse(misuse => misuse.LimitUsage(u => u.BytesIn(...)))");

    internal static readonly Reason BytesOut = new(
        "usage.bytes-out", "The quota of bytes to send or write does not suffice.", Retry.No,
        "AnticipateMisuse(misuse => misuse.LimitUsage(u => u.BytesOut(...)))");

    internal static readonly Reason Rows = new(
        "usage.rows", "The quota of rows is used up.", Retry.No,
        "AnticipateMisuse(misuse => misuse.LimitUsage(u => u.Rows(...)))");

    internal static readonly Reason Time = new(
        "usage.time", "The quota of running time is used up.", Retry.No,
        "AnticipateMisuse(misuse => misuse.LimitUsage(u => u.Time(...)))");

    internal static readonly Reason Concurrency = new(
        "usage.concurrency", "Too many operations run at the same time.", Retry.Later,
        "AnticipateMisuse(misuse => misuse.LimitUsage(u => u.Concurrency(...)))");

    internal static readonly Reason Store = new(
        "usage.store", "The quota can not be counted now, so the operation was not run.", Retry.Later);
}
