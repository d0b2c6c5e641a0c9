using System.Collections.Frozen;
using LangGuard.Data;

namespace LangGuard.Permissions;

/// <summary>What may be used in one database, compiled: for the permission layer, and for the wall inside the engine, which
/// asks again while the engine compiles the statement.</summary>
internal sealed class DatabaseScope
{
    private readonly FrozenDictionary<string, DatabaseTableOptions> _tables;
    private readonly FrozenSet<string> _functions;

    internal DatabaseScope(DatabaseOptions options)
    {
        Options = options;
        Grant = new DatabaseGrant(options);
        _tables = options.Tables.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _functions = options.Functions.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    internal DatabaseOptions Options { get; }

    internal DatabaseGrant Grant { get; }

    internal bool Allows(string? schema, string table, string defaultSchema, DatabasePermissions permissions) =>
        Find(schema, table, defaultSchema) is { } found && (found.Allow & permissions) == permissions;

    internal bool Denies(string? schema, string table, string defaultSchema, string column) =>
        Find(schema, table, defaultSchema) is { } found && found.DenyColumns.Contains(column);

    internal bool HasDeniedColumns(string? schema, string table, string defaultSchema) =>
        Find(schema, table, defaultSchema) is { DenyColumns.Count: > 0 };

    internal bool AllowsFunction(string name) => _functions.Contains(name);

    /// <summary>Why a statement is denied, or null.</summary>
    internal Reason? Check(SqlFacts facts, string defaultSchema)
    {
        foreach (var use in facts.Tables)
        {
            var schema = use.Table?.Schema ?? use.Schema;
            if (use.Table is null or { IsCatalog: true }
                || !Allows(schema, use.Name, defaultSchema, (DatabasePermissions)use.Use))
            {
                return DatabaseReasons.Table;
            }

            if (!HasDeniedColumns(schema, use.Name, defaultSchema))
            {
                continue;
            }

            if (use.UsesSystemColumns || use.Columns.Any(column => Denies(schema, use.Name, defaultSchema, column.Name)))
            {
                return DatabaseReasons.Column;
            }
        }

        foreach (var function in facts.Functions)
        {
            if (!function.IsBuiltIn && !AllowsFunction(function.Name))
            {
                return DatabaseReasons.Function;
            }
        }

        if (facts.Locks)
        {
            return DatabaseReasons.Locks;
        }

        return facts.ChangesData && Options.Limits.RequireWhere && !facts.HasWhere ? DatabaseReasons.NoWhere : null;
    }

    private DatabaseTableOptions? Find(string? schema, string table, string defaultSchema)
    {
        if (_tables.TryGetValue($"{schema ?? defaultSchema}.{table}", out var qualified))
        {
            return qualified;
        }

        return (schema is null || string.Equals(schema, defaultSchema, StringComparison.OrdinalIgnoreCase))
            && _tables.TryGetValue(table, out var plain) ? plain : null;
    }
}
