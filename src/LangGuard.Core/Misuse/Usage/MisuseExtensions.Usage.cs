using LangGuard.Misuse;

namespace LangGuard;

/// <content>Adds quotas.</content>
public static partial class MisuseExtensions
{
    /// <summary>Limits what a session uses together with its children.</summary>
    public static MisuseBuilder LimitUsage(this MisuseBuilder misuse, Action<UsageBuilder> usage) =>
        Set(misuse, options => options.Session, usage);

    /// <summary>Limits what one principal uses over all sessions that the host keeps for it.</summary>
    public static MisuseBuilder LimitUsageOfPrincipal(this MisuseBuilder misuse, Action<UsageBuilder> usage) =>
        Set(misuse, options => options.Principal, usage);

    /// <summary>Counts what a principal uses in this store, so that all hosts that share it share one quota. Without one each
    /// process counts for itself.</summary>
    public static MisuseBuilder KeepUsageIn(this MisuseBuilder misuse, IUsageStore store)
    {
        ArgumentNullException.ThrowIfNull(misuse);
        ArgumentNullException.ThrowIfNull(store);
        misuse.Policy.Provide(store);
        return misuse;
    }

    /// <summary>Limits one kind of operation in a session and its children.</summary>
    public static MisuseBuilder LimitUsage(this MisuseBuilder misuse, Surface surface, Action<UsageBuilder> usage) =>
        Set(misuse, options => Entry(options.Surfaces, surface.ToString()), usage);

    /// <summary>Limits one function in a session and its children.</summary>
    public static MisuseBuilder LimitUsageOfFunction(this MisuseBuilder misuse, string function, Action<UsageBuilder> usage)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(function);
        return Set(misuse, options => Entry(options.Functions, function), usage);
    }

    private static UsageLimitOptions Entry(IDictionary<string, UsageLimitOptions> entries, string name)
    {
        if (!entries.TryGetValue(name, out var limits))
        {
            entries.Add(name, limits = new UsageLimitOptions());
        }

        return limits;
    }

    private static MisuseBuilder Set(MisuseBuilder misuse, Func<UsageOptions, UsageLimitOptions> limits, Action<UsageBuilder> usage)
    {
        ArgumentNullException.ThrowIfNull(misuse);
        ArgumentNullException.ThrowIfNull(usage);
        usage(new UsageBuilder(misuse.Policy.Errors, limits(misuse.Options.LimitUsage)));
        return misuse;
    }
}
