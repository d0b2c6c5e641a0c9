namespace LangGuard.Misuse;

/// <summary>Sets quotas. Every attempt counts, also a denied one.</summary>
public sealed class UsageBuilder
{
    private readonly PolicyErrors _errors;
    private readonly UsageLimitOptions _limits;

    internal UsageBuilder(PolicyErrors errors, UsageLimitOptions limits)
    {
        _errors = errors;
        _limits = limits;
    }

    /// <summary>Limits calls, denied ones included.</summary>
    public UsageBuilder Calls(long count)
    {
        _limits.Calls = count;
        return this;
    }

    /// <summary>Limits what comes back to the agent, in bytes or with a unit: <c>10 MiB</c>.</summary>
    public UsageBuilder BytesIn(string size)
    {
        _limits.BytesIn = Size(size);
        return this;
    }

    /// <summary>Limits what the agent sends or writes, in bytes or with a unit: <c>1 MiB</c>.</summary>
    public UsageBuilder BytesOut(string size)
    {
        _limits.BytesOut = Size(size);
        return this;
    }

    /// <summary>Limits rows returned or affected.</summary>
    public UsageBuilder Rows(long count)
    {
        _limits.Rows = count;
        return this;
    }

    /// <summary>Limits the running time of all operations together.</summary>
    public UsageBuilder Time(TimeSpan time)
    {
        _limits.Time = time;
        return this;
    }

    /// <summary>Limits operations that run at the same time.</summary>
    public UsageBuilder Concurrency(int count)
    {
        _limits.Concurrency = count;
        return this;
    }

    /// <summary>Begins all quotas but concurrency anew after this long.</summary>
    public UsageBuilder Per(TimeSpan period)
    {
        _limits.Period = period;
        return this;
    }

    private long Size(string size)
    {
        ArgumentNullException.ThrowIfNull(size);
        if (!ByteSizeText.TryParse(size, out var bytes))
        {
            _errors.Add("AnticipateMisuse:LimitUsage", size, "It is not a number of bytes.", "Write it like '1 MiB' or '65536'.");
        }

        return bytes;
    }
}
