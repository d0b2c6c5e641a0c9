namespace LangGuard.Permissions;

/// <summary>What may be touched, keyed by name on every surface. Empty means denied.</summary>
internal sealed class PermissionOptions
{
    /// <summary>Directories, by the name that the agent sees.</summary>
    public IDictionary<string, FileRootOptions> Files { get; } =
        new Dictionary<string, FileRootOptions>(StringComparer.Ordinal);

    /// <summary>Endpoints, by a name of the host's choice.</summary>
    public IDictionary<string, HttpRuleOptions> Http { get; } =
        new Dictionary<string, HttpRuleOptions>(StringComparer.Ordinal);

    /// <summary>Credentials that endpoint rules attach, by name. Holds no secrets.</summary>
    public IDictionary<string, CredentialOptions> Credentials { get; } =
        new Dictionary<string, CredentialOptions>(StringComparer.Ordinal);

    /// <summary>Databases, by the name that the agent sees.</summary>
    public IDictionary<string, DatabaseOptions> Database { get; } =
        new Dictionary<string, DatabaseOptions>(StringComparer.Ordinal);

    /// <summary>Functions, by their name.</summary>
    public IDictionary<string, FunctionOptions> Functions { get; } =
        new Dictionary<string, FunctionOptions>(StringComparer.Ordinal);
}
