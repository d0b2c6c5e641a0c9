namespace LangGuard.Permissions;

/// <summary>What is allowed or denied for the names that one pattern matches.</summary>
public sealed class FileRuleOptions
{
    /// <summary>The verbs that are allowed. Default: none.</summary>
    public FilePermissions Allow { get; set; }

    /// <summary>The verbs that are denied, whatever other rules allow. Default: none.</summary>
    public FilePermissions Deny { get; set; }

    /// <summary>Whether content read by this rule is deployer-trusted. Default: no.</summary>
    public bool Trusted { get; set; }

    /// <summary>The only extensions that may be written, such as <c>.md</c>; empty for any. Default: empty.</summary>
    public ISet<string> WriteExtensions { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Kinds of content that may not be written, told by their first bytes. Default: programs.</summary>
    public FileContentKinds DenyContent { get; set; } = FileContentKinds.Program;

    /// <summary>Limits of this rule; null values are the root's.</summary>
    public FileLimitOptions Limits { get; } = new();
}
