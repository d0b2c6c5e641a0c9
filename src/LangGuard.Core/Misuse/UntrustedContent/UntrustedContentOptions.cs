namespace LangGuard.Misuse;

/// <summary>What untrusted content changes: once it is in a session, operations that send or destroy ask, unless their target
/// is in the user's words or is trusted by the deployer.</summary>
internal sealed class UntrustedContentOptions
{
    /// <summary>Whether the user's words may name targets. Default: trusted.</summary>
    public UserWords UserWords { get; set; } = UserWords.Trusted;

    /// <summary>Values that are trusted as targets of sending and writing: addresses, hosts, URLs, account numbers, names.
    /// Deleting, paying and privileges still need the user's words. Default: none.</summary>
    public ISet<string> TrustedValues { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Domains whose e-mail addresses are trusted as receivers; a subdomain is another domain. Default: none.</summary>
    public ISet<string> TrustedEmailDomains { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Which arguments of functions are targets, by function. Default: none.</summary>
    public IDictionary<string, FunctionTargetOptions> Functions { get; } =
        new Dictionary<string, FunctionTargetOptions>(StringComparer.Ordinal);

    /// <summary>A file of the host that keeps what sessions with untrusted content wrote, over restarts. Null, the default: it
    /// is known until the process ends.</summary>
    public string? LabelFile { get; set; }

    /// <summary>Turns the layer off. Default: no.</summary>
    public bool Unguarded { get; set; }
}
