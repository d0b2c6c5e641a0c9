using System.Collections.Frozen;

namespace LangGuard.Permissions;

/// <summary>Permissions of the Database surface: decides on the facts that the inspector found, never on text.</summary>
internal sealed class DatabasePermissionLayer : PermissionLayer
{
    private static readonly string[] SchemaVerbs = ["CREATE ", "ALTER ", "DROP "];

    private readonly FrozenDictionary<string, DatabaseScope> _databases;

    private DatabasePermissionLayer(FrozenDictionary<string, DatabaseScope> databases) => _databases = databases;

    public override string Name => "database.permissions";

    public override bool Covers(Surface surface) => surface == Surface.Database;

    public override Decision Decide(Operation operation)
    {
        if (operation is not DatabaseOperation statement || !_databases.TryGetValue(statement.Database, out var scope))
        {
            return Decision.NotGranted(DatabaseReasons.NotGranted);
        }

        if (statement.Facts is not { } facts)
        {
            // The policy's own text, word for word; a person has to approve it besides.
            return statement.Migration is { } name && scope.Migrations.TryGetValue(name, out var text)
                && string.Equals(text, statement.Statement, StringComparison.Ordinal)
                ? Decision.Allow(scope.Grant)
                : Decision.Deny(statement.Migration is null ? DatabaseReasons.Statement : DatabaseReasons.UnknownMigration);
        }

        return scope.Check(facts, statement.DefaultSchema, statement.Principal) is { } reason
            ? Decision.Deny(reason)
            : Decision.Allow(scope.Grant);
    }

    /// <summary>What a database grants at most.</summary>
    internal DatabaseGrant? GrantOf(string database) => _databases.GetValueOrDefault(database)?.Grant;

    internal static DatabasePermissionLayer Compile(
        IDictionary<string, DatabaseOptions> options, PolicyDependencies dependencies, PolicyErrors errors)
    {
        foreach (var (name, database) in options)
        {
            var path = $"LimitPermissions:Database:{name}";
            DatabaseLimitOptions.Validate(database.Limits, path, errors);
            DatabaseUndoOptions.Validate(database.Undo, path, errors);
            ValidateMigrations($"{path}:Migrations", database, errors);
            foreach (var (table, rule) in database.Tables)
            {
                if (rule.Allow == DatabasePermissions.None)
                {
                    errors.Add($"{path}:Tables:{table}", null, "The table is named but nothing is allowed on it.",
                        "Set Allow, for instance to Select, or remove the table.");
                }

                ValidateRows($"{path}:Tables:{table}:Rows", rule, errors);
            }
        }

        return new DatabasePermissionLayer(options.ToFrozenDictionary(
            entry => entry.Key, entry => entry.Value.Scope = new DatabaseScope(entry.Value) { Off = dependencies.Off }, StringComparer.Ordinal));
    }

    private static void ValidateMigrations(string path, DatabaseOptions database, PolicyErrors errors)
    {
        foreach (var (name, statement) in database.Migrations)
        {
            if (!Array.Exists(SchemaVerbs, verb => statement.StartsWith(verb, StringComparison.OrdinalIgnoreCase)))
            {
                errors.Add($"{path}:{name}", statement, "The migration is not a change of the schema.",
                    "Begin it with CREATE, ALTER or DROP.");
            }
        }
    }

    private static void ValidateRows(string path, DatabaseTableOptions table, PolicyErrors errors)
    {
        foreach (var (column, value) in table.Rows)
        {
            if (!DatabaseRowValue.IsKnown(value))
            {
                errors.Add($"{path}:{column}", value, "The value is not one that a principal has.",
                    "Use tenant, user, or claim: and the name of a claim.");
            }

            if (table.DenyColumns.Contains(column) || table.MaskColumns.Contains(column) || table.HashColumns.Contains(column))
            {
                errors.Add($"{path}:{column}", value, "The column of a row filter is denied, masked or hashed.",
                    "Leave the column readable, or confine rows by another one.");
            }
        }
    }
}
