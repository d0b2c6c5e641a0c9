using System.Runtime.CompilerServices;
using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.DuckDb;

/// <summary>What the engine's own parser says of a query. It has to agree with the inspector on tables, functions and parameters,
/// and with the policy: DuckDB has no rights of its own that would stand behind the two.</summary>
internal sealed class SecondOpinion(DuckDbSyntax syntax, SqlSchema schema, DatabaseScope scope)
{
    /// <summary>Facts are kept for texts that come again, and so is what was found about them.</summary>
    private static readonly ConditionalWeakTable<SqlFacts, ParsedQuery> Known = [];

    private readonly SqlLanguage _language = SqlLanguage.For(SqlDialect.DuckDb);

    /// <summary>Why a query does not run, or null.</summary>
    /// <param name="sql">The text that will run.</param>
    /// <param name="facts">What the inspector found; null when nobody has looked.</param>
    internal string? Refusal(string sql, SqlFacts? facts)
    {
        var parsed = facts is null ? Parse(sql) : Known.GetValue(facts, _ => Parse(sql));
        return parsed.Refusal ?? OutOfScope(parsed) ?? (facts is null ? Hidden(parsed) : Disagreement(parsed, facts));
    }

    private ParsedQuery Parse(string sql) => syntax.Parse(sql, schema);

    private string? OutOfScope(ParsedQuery parsed)
    {
        foreach (var table in parsed.Tables)
        {
            var dot = table.IndexOf('.', StringComparison.Ordinal);
            if (!scope.Allows(table[..dot], table[(dot + 1)..], schema.DefaultSchema, DatabasePermissions.Select))
            {
                return "it reads a table that is not granted";
            }
        }

        foreach (var function in parsed.Functions)
        {
            if ((!_language.IsBuiltIn(function) || schema.Functions.Contains(SqlNames.Fold(function))) && !scope.AllowsFunction(function))
            {
                return "it calls a function that is not granted";
            }
        }

        return null;
    }

    /// <summary>What only the inspector can tell of columns is refused where it has not looked.</summary>
    private string? Hidden(ParsedQuery parsed)
    {
        if (scope.IsConfined)
        {
            return "rows or values are confined";
        }

        foreach (var name in parsed.Tables)
        {
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            var (owner, table) = (name[..dot], name[(dot + 1)..]);
            if (scope.HasDeniedColumns(owner, table, schema.DefaultSchema)
                && (parsed.UsesUnnamedColumns || parsed.Names.Overlaps(parsed.Aliases)
                    || parsed.Names.Any(column => scope.Denies(owner, table, schema.DefaultSchema, column))))
            {
                return "it may use a column that is denied";
            }
        }

        return null;
    }

    private string? Disagreement(ParsedQuery parsed, SqlFacts facts)
    {
        if (facts.ChangesData)
        {
            return "it is another kind of statement";
        }

        var tables = facts.Tables.Select(table => $"{table.Schema ?? schema.DefaultSchema}.{table.Name}")
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!tables.SetEquals(parsed.Tables))
        {
            return "it uses other tables";
        }

        var functions = facts.Functions.Select(function => function.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return functions.IsSupersetOf(parsed.Functions) ? null : "it calls other functions";
    }
}
