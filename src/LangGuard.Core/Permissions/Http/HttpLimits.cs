using System.Collections.Frozen;

namespace LangGuard.Permissions;

/// <summary>The limits of one request. Defaults hold where a rule says nothing.</summary>
internal sealed record HttpLimits
{
    public static HttpLimits Default { get; } = new();

    public long MaxResponseBytes { get; init; } = 10L * 1024 * 1024;

    public long MaxContentBytes { get; init; } = 50L * 1024 * 1024;

    public long MaxRequestBytes { get; init; } = 10L * 1024 * 1024;

    /// <summary>Decompressed to wire bytes, once a response has more than 1 MiB of content.</summary>
    public int MaxRatio { get; init; } = 100;

    public int MaxEvents { get; init; } = 10_000;

    /// <summary>Requests that may run at once; more of them wait. 0 for no limit.</summary>
    public int MaxConcurrency { get; init; }

    /// <summary>Requests in <see cref="RatePeriod"/>; 0 for no limit.</summary>
    public int Rate { get; init; }

    /// <summary>Whether requests have to be counted at all.</summary>
    public bool AreCounted => Rate > 0 || MaxConcurrency > 0;

    public TimeSpan RatePeriod { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Media types a response may have; null for any.</summary>
    public FrozenSet<string>? ContentTypes { get; init; }

    public HttpLimits Strictest(HttpLimits other) => ReferenceEquals(this, other) ? this : new HttpLimits
    {
        MaxResponseBytes = Math.Min(MaxResponseBytes, other.MaxResponseBytes),
        MaxContentBytes = Math.Min(MaxContentBytes, other.MaxContentBytes),
        MaxRequestBytes = Math.Min(MaxRequestBytes, other.MaxRequestBytes),
        MaxRatio = Math.Min(MaxRatio, other.MaxRatio),
        MaxEvents = Math.Min(MaxEvents, other.MaxEvents),
        MaxConcurrency = MaxConcurrency == 0 ? other.MaxConcurrency
            : other.MaxConcurrency == 0 ? MaxConcurrency : Math.Min(MaxConcurrency, other.MaxConcurrency),
        Rate = Slower(other) ? other.Rate : Rate,
        RatePeriod = Slower(other) ? other.RatePeriod : RatePeriod,
        IdleTimeout = Min(IdleTimeout, other.IdleTimeout),
        TotalTimeout = Min(TotalTimeout, other.TotalTimeout),
        ContentTypes = Common(ContentTypes, other.ContentTypes),
    };

    private bool Slower(HttpLimits other) =>
        other.Rate > 0 && (Rate == 0 || other.Rate / other.RatePeriod.TotalSeconds < Rate / RatePeriod.TotalSeconds);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static FrozenSet<string>? Common(FrozenSet<string>? a, FrozenSet<string>? b)
    {
        if (a is null || b is null)
        {
            return a ?? b;
        }

        return a.Where(b.Contains).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
