namespace LangGuard.Permissions;

/// <summary>Says which tables and columns of one database an agent may use, and how much.</summary>
public sealed class DatabaseBuilder
{
    internal DatabaseBuilder(PolicyBuilder policy, string name, DatabaseOptions options)
    {
        Policy = policy;
        Name = name;
        Options = options;
    }

    internal PolicyBuilder Policy { get; }

    internal string Name { get; }

    internal DatabaseOptions Options { get; }

    /// <summary>Allows to read tables and views.</summary>
    /// <param name="tables">Their names.</param>
    public DatabaseBuilder Select(params IReadOnlyList<string> tables) => Allow(DatabasePermissions.Select, tables);

    /// <summary>Allows to add rows.</summary>
    /// <param name="tables">The names of the tables.</param>
    public DatabaseBuilder Insert(params IReadOnlyList<string> tables) => Allow(DatabasePermissions.Insert, tables);

    /// <summary>Allows to change rows.</summary>
    /// <param name="tables">The names of the tables.</param>
    public DatabaseBuilder Update(params IReadOnlyList<string> tables) => Allow(DatabasePermissions.Update, tables);

    /// <summary>Allows to remove rows.</summary>
    /// <param name="tables">The names of the tables.</param>
    public DatabaseBuilder Delete(params IReadOnlyList<string> tables) => Allow(DatabasePermissions.Delete, tables);

    /// <summary>Denies any use of columns, in every position of a statement.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">The columns.</param>
    public DatabaseBuilder DenyColumns(string table, params IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        Table(table).DenyColumns.UnionWith(columns);
        return this;
    }

    /// <summary>Hides the values of columns: they read as NULL in every position of a statement.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">The columns.</param>
    public DatabaseBuilder MaskColumns(string table, params IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        Table(table).MaskColumns.UnionWith(columns);
        return this;
    }

    /// <summary>Hides the values of columns behind a keyed hash: equal values stay equal, so that a statement can count, group
    /// and join by them, and nobody can try values.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">The columns.</param>
    public DatabaseBuilder HashColumns(string table, params IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        Table(table).HashColumns.UnionWith(columns);
        return this;
    }

    /// <summary>Sets the key of hashed columns, for hashes that stay the same when the policy is built again. Without it they
    /// hold for one built policy.</summary>
    /// <param name="key">At least 32 random bytes.</param>
    public DatabaseBuilder HashKey(ReadOnlySpan<byte> key)
    {
        if (key.Length < 32)
        {
            throw new ArgumentException("The key has fewer than 32 bytes.", nameof(key));
        }

        Options.HashKey = key.ToArray();
        return this;
    }

    /// <summary>Confines a table to the rows of the session's tenant, when read and when changed.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">The column that holds the tenant.</param>
    public DatabaseBuilder RowsOfTenant(string table, string column) => Rows(table, column, DatabaseRowValue.Tenant);

    /// <summary>Confines a table to the rows of the session's user, when read and when changed.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">The column that holds the user's id.</param>
    public DatabaseBuilder RowsOfUser(string table, string column) => Rows(table, column, DatabaseRowValue.User);

    /// <summary>Confines a table to the rows that carry a claim of the session's principal.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">The column that must equal the claim.</param>
    /// <param name="claim">The name of the claim.</param>
    public DatabaseBuilder RowsByClaim(string table, string column, string claim)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(claim);
        return Rows(table, column, DatabaseRowValue.Claim + claim);
    }

    /// <summary>Allows to call functions besides the engine's own without side effects.</summary>
    /// <param name="names">Their names.</param>
    public DatabaseBuilder Functions(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        Options.Functions.UnionWith(names);
        return this;
    }

    /// <summary>Lets triggers and foreign keys change tables that the agent itself may not, such as an audit table.</summary>
    /// <param name="tables">Their names.</param>
    public DatabaseBuilder SideEffects(params IReadOnlyList<string> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        Options.SideEffects.UnionWith(tables);
        return this;
    }

    /// <summary>Lets the agent run one change of the schema by its name, after a person has approved it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="statement">One statement that begins with CREATE, ALTER or DROP. The agent can not change it.</param>
    public DatabaseBuilder Migration(string name, string statement)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(statement);
        if (!Options.Migrations.TryAdd(name, statement) && Options.Migrations[name] != statement)
        {
            Policy.Errors.Add(
                $"LimitPermissions:Database:{Name}:Migrations:{name}", statement, "Two migrations have this name.", "Keep one.");
        }

        return this;
    }

    /// <summary>Sets limits.</summary>
    /// <param name="configure">Sets them.</param>
    public DatabaseBuilder Limit(Action<DatabaseLimitOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(Options.Limits);
        return this;
    }

    /// <summary>Keeps rows as they were before the agent changed them, so that a session can be undone.</summary>
    /// <param name="configure">Says more; null for the defaults.</param>
    public DatabaseBuilder KeepUndo(Action<DatabaseUndoOptions>? configure = null)
    {
        Options.Undo.Keep = true;
        configure?.Invoke(Options.Undo);
        return this;
    }

    /// <summary>Says that results are deployer-trusted content.</summary>
    public DatabaseBuilder Trusted()
    {
        Options.Trusted = true;
        return this;
    }

    private DatabaseBuilder Allow(DatabasePermissions permissions, IReadOnlyList<string> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        foreach (var table in tables)
        {
            Table(table).Allow |= permissions;
        }

        return this;
    }

    private DatabaseBuilder Rows(string table, string column, string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(column);
        var rows = Table(table).Rows;
        if (!rows.TryAdd(column, value) && rows[column] != value)
        {
            Policy.Errors.Add(
                $"LimitPermissions:Database:{Name}:Tables:{table}:Rows:{column}", value,
                "The column is confined twice, to different values.", "Keep one.");
        }

        return this;
    }

    private DatabaseTableOptions Table(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!Options.Tables.TryGetValue(name, out var table))
        {
            Options.Tables.Add(name, table = new DatabaseTableOptions());
        }

        return table;
    }
}
