namespace LangGuard.Permissions;

/// <summary>What an agent may do in one database. Nothing listed means nothing allowed; a schema is never changed.</summary>
internal sealed class DatabaseOptions
{
    /// <summary>Tables and views, by their name, with or without the schema; without regard to case.</summary>
    public IDictionary<string, DatabaseTableOptions> Tables { get; } =
        new Dictionary<string, DatabaseTableOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Functions that may be called besides the engine's own without side effects. Default: none.</summary>
    public ISet<string> Functions { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Tables that triggers and foreign keys may change when the agent changes another one, by their name, such as an
    /// audit table. Any other table has to be granted for that, and without a row filter. Default: none.</summary>
    public ISet<string> SideEffects { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Changes of the schema by name, each one statement that begins with CREATE, ALTER or DROP. The agent names one, and a
    /// person has to approve it every time. Default: none, and then no schema is ever changed.</summary>
    public IDictionary<string, string> Migrations { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How much one statement may return, change and take.</summary>
    public DatabaseLimitOptions Limits { get; } = new();

    /// <summary>Whether the rows that a session changes can be brought back.</summary>
    public DatabaseUndoOptions Undo { get; } = new();

    /// <summary>Whether results are deployer-trusted content. Default: no.</summary>
    public bool Trusted { get; set; }

    /// <summary>The key of hashed columns; null for one of this policy's own.</summary>
    internal byte[]? HashKey { get; set; }

    /// <summary>The compiled form, made when the policy is built.</summary>
    internal DatabaseScope? Scope { get; set; }

    /// <summary>Whether any table may be changed.</summary>
    internal bool Writes => Tables.Values.Any(table => (table.Allow & ~DatabasePermissions.Select) != 0);

    /// <summary>The permissions of one database.</summary>
    /// <exception cref="ArgumentException">The policy names no such database.</exception>
    internal static DatabaseOptions Of(Policy policy, string database)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentException.ThrowIfNullOrWhiteSpace(database);
        return policy.Options.LimitPermissions.Database.TryGetValue(database, out var options)
            ? options
            : throw new ArgumentException($"The policy grants no database '{database}'.", nameof(database));
    }
}
