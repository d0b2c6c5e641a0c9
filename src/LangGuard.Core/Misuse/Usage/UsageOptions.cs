namespace LangGuard.Misuse;

/// <summary>Quotas of a session tree, of its principal, and of single kinds of operations and functions. All of them hold.</summary>
internal sealed class UsageOptions
{
    /// <summary>Quotas of the whole session tree. Default: 100 000 calls, 4 GiB in, 1 GiB out, 256 at the same time.</summary>
    public UsageLimitOptions Session { get; } = new()
    {
        Calls = 100_000,
        BytesIn = 4L << 30,
        BytesOut = 1L << 30,
        Concurrency = 256,
    };

    /// <summary>Quotas of the principal over all its sessions that the host keeps. Default: none.</summary>
    public UsageLimitOptions Principal { get; } = new();

    /// <summary>Quotas of one kind of operation in a session tree: Files, Http, Database or Functions. Default: none.</summary>
    public IDictionary<string, UsageLimitOptions> Surfaces { get; } =
        new Dictionary<string, UsageLimitOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Quotas of single functions in a session tree, by exact name. Default: none.</summary>
    public IDictionary<string, UsageLimitOptions> Functions { get; } =
        new Dictionary<string, UsageLimitOptions>(StringComparer.Ordinal);
}
