using System.Collections.Frozen;
using System.Security.Cryptography;
using LangGuard.Ablation;
using LangGuard.Data;

namespace LangGuard.Permissions;

/// <summary>What may be used in one database, compiled: for the permission layer, and for the wall inside the engine, which
/// asks again while the engine compiles the statement.</summary>
internal sealed class DatabaseScope
{
    private readonly FrozenDictionary<string, DatabaseTableRule[]> _tables;
    private readonly FrozenDictionary<string, string?[]> _functions;
    private readonly FrozenSet<string> _sideEffects;

    internal DatabaseScope(DatabaseOptions options)
    {
        Options = options;
        HashKey = Convert.ToHexStringLower(options.HashKey ?? RandomNumberGenerator.GetBytes(32));
        _tables = options.Tables
            .Select(entry => new DatabaseTableRule(entry.Key, entry.Value))
            .GroupBy(rule => rule.Name, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.OrdinalIgnoreCase);
        _functions = options.Functions
            .GroupBy(name => name[(name.LastIndexOf('.') + 1)..], StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(
                group => group.Key,
                group => group.Select(name => name.LastIndexOf('.') is var dot and > 0 ? name[..dot] : null).ToArray(),
                StringComparer.OrdinalIgnoreCase);
        IsConfined = _tables.Values.Any(rules => rules.Any(rule => rule.IsConfined));
        _sideEffects = options.SideEffects.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        Migrations = options.Migrations.ToFrozenDictionary(StringComparer.Ordinal);
        Grant = new DatabaseGrant(options, this);
    }

    internal DatabaseOptions Options { get; }

    /// <summary>What a test leaves out.</summary>
    internal WallsOff Off { get; init; } = new();

    /// <summary>Changes of the schema by name.</summary>
    internal FrozenDictionary<string, string> Migrations { get; }

    /// <summary>The key of hashed columns.</summary>
    internal string HashKey { get; }

    internal DatabaseGrant Grant { get; }

    /// <summary>Whether any table has row filters or masks.</summary>
    internal bool IsConfined { get; }

    internal bool Allows(string? schema, string table, string defaultSchema, DatabasePermissions permissions)
    {
        var isFound = false;
        foreach (var rule in RulesFor(table))
        {
            if (rule.IsFor(schema ?? defaultSchema, defaultSchema))
            {
                isFound = true;
                if ((rule.Allow & permissions) != permissions)
                {
                    return false;
                }
            }
        }

        return isFound;
    }

    internal bool Denies(string? schema, string table, string defaultSchema, string column)
    {
        foreach (var rule in RulesFor(table))
        {
            if (rule.IsFor(schema ?? defaultSchema, defaultSchema) && rule.Denies(column))
            {
                return true;
            }
        }

        return false;
    }

    internal bool HasDeniedColumns(string? schema, string table, string defaultSchema)
    {
        foreach (var rule in RulesFor(table))
        {
            if (rule.IsFor(schema ?? defaultSchema, defaultSchema) && rule.HasDeniedColumns)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether triggers and foreign keys may change a table that the policy names for that.</summary>
    internal bool AllowsSideEffect(string schema, string table, string defaultSchema) =>
        _sideEffects.Count > 0
        && (_sideEffects.Contains($"{schema}.{table}")
            || (string.Equals(schema, defaultSchema, StringComparison.OrdinalIgnoreCase) && _sideEffects.Contains(table)));

    /// <summary>Whether the agent never sees the values of a column: it is denied or masked.</summary>
    internal bool Hides(string schema, string table, string defaultSchema, string column) =>
        Array.Exists(RulesFor(table), rule => rule.IsFor(schema, defaultSchema) && rule.Hides(column));

    /// <summary>Whether the rows of a table are confined, so that not any of them may be changed.</summary>
    internal bool HasRowFilter(string schema, string table, string defaultSchema) =>
        Array.Exists(RulesFor(table), rule => rule.IsFor(schema, defaultSchema) && rule.HasRowFilter);

    internal bool AllowsFunction(string name) => _functions.ContainsKey(name);

    /// <summary>Whether a table or function of this name is granted, in whatever schema.</summary>
    internal bool Names(ReadOnlySpan<char> name) => name.ToString() is var text && (_tables.ContainsKey(text) || _functions.ContainsKey(text));

    /// <summary>Why a statement is denied, or null.</summary>
    internal Reason? Check(SqlFacts facts, string defaultSchema, Principal principal)
    {
        for (var i = 0; i < facts.Tables.Count; i++)
        {
            if (Check(facts.Tables[i], defaultSchema, principal) is { } reason)
            {
                return reason;
            }
        }

        for (var i = 0; i < facts.Functions.Count; i++)
        {
            var function = facts.Functions[i];
            if (!function.IsBuiltIn && !AllowsFunction(function, defaultSchema))
            {
                return DatabaseReasons.Function;
            }
        }

        if (facts.Locks)
        {
            return DatabaseReasons.Locks;
        }

        return facts.ChangesData && !Options.Limits.UnguardedWithoutWhere && !facts.HasWhere ? DatabaseReasons.NoWhere : null;
    }

    /// <summary>Adds the row filters and masks of one table.</summary>
    internal void Confine(
        SqlTable table, string defaultSchema, Principal principal, List<SqlRowFilter> filters, List<string> masked,
        List<string> hashed)
    {
        foreach (var rule in RulesFor(table.Name))
        {
            if (rule.IsFor(table.Schema, defaultSchema))
            {
                rule.Confine(table, principal, filters, masked, hashed);
            }
        }
    }

    private Reason? Check(SqlTableUse use, string defaultSchema, Principal principal)
    {
        // A table that does not exist and one that is not granted are denied alike.
        var isFound = false;
        if (use.Table is { } table)
        {
            foreach (var rule in RulesFor(table.Name))
            {
                if (rule.IsFor(table.Schema, defaultSchema))
                {
                    isFound = true;
                    if (rule.Check(use, principal) is { } reason)
                    {
                        return reason;
                    }
                }
            }
        }

        return isFound ? null : DatabaseReasons.Table;
    }

    private bool AllowsFunction(in SqlFunctionUse function, string defaultSchema)
    {
        if (!_functions.TryGetValue(function.Name, out var schemas))
        {
            return false;
        }

        foreach (var schema in schemas)
        {
            if (string.Equals(function.Schema ?? defaultSchema, schema ?? defaultSchema, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private DatabaseTableRule[] RulesFor(string table) => _tables.TryGetValue(table, out var rules) ? rules : [];
}
