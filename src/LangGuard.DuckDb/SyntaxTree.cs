using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text.Json;
using LangGuard.Data;

namespace LangGuard.DuckDb;

/// <summary>Collects what a syntax tree of the engine uses. Kinds of nodes that are not known here are a refusal.</summary>
internal sealed class SyntaxTree(SqlSchema database)
{
    /// <summary>Kinds of expressions that do no more than their parts do.</summary>
    private static readonly FrozenSet<string> Expressions = FrozenSet.Create(
        "BETWEEN", "CASE", "CAST", "COLLATE", "COMPARISON", "CONJUNCTION", "CONSTANT", "LAMBDA", "OPERATOR", "SUBQUERY");

    /// <summary>Kinds of queries, tables and clauses that do no more than their parts do.</summary>
    private static readonly FrozenSet<string> Nodes = FrozenSet.Create(
        "SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "JOIN", "SUBQUERY", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY",
        "ORDER_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "DISTINCT_MODIFIER", "ORDER_DEFAULT", "ASCENDING", "DESCENDING");

    /// <summary>Functions that stand for other syntax; the parser says them with the schema of the engine's own.</summary>
    private static readonly FrozenSet<string> Syntax = FrozenSet.Create(
        "list_value", "struct_pack", "row", "map", "list_apply", "list_filter", "list_sort", "list_extract", "array_extract", "array_slice",
        "struct_extract",
        "date_part", "ilike_escape", "like_escape", "not_like_escape", "not_ilike_escape", "regexp_full_match", "timezone", "trim",
        "ltrim", "rtrim", "position", "substring", "overlay", "count_star", "list_zip", "to_years", "to_months", "to_days", "to_hours",
        "to_minutes", "to_seconds", "to_milliseconds", "to_microseconds", "to_weeks", "to_quarters", "to_decades", "to_centuries",
        "to_millennia", "trunc", "quantile_cont", "quantile_disc", "array_agg", "contains", "list_contains", "generate_subscripts", "unnest", "strip_accents", "constant_or_null");

    /// <summary>Names that the engine takes for a call where no column has them.</summary>
    private static readonly FrozenDictionary<string, string> Values = new Dictionary<string, string>
    {
        ["current_catalog"] = "current_database",
        ["current_schema"] = "current_schema",
        ["current_role"] = "current_role",
        ["current_user"] = "current_user",
        ["session_user"] = "session_user",
        ["user"] = "user",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> _tables = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _functions = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _aliases = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _parameters = new(StringComparer.OrdinalIgnoreCase);
    private bool _usesUnnamed;
    private string? _refusal;

    internal void Read(JsonElement statement) => Visit(statement, []);

    internal ParsedQuery Result() => new(_refusal)
    {
        Tables = _tables,
        Functions = _functions,
        Names = _names,
        Aliases = _aliases,
        Parameters = _parameters,
        UsesUnnamedColumns = _usesUnnamed,
    };

    /// <param name="element">A part of the tree.</param>
    /// <param name="bound">Names that WITH binds here.</param>
    private void Visit(JsonElement element, IReadOnlyList<string> bound)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            _refusal ??= "it is too deep";
            return;
        }

        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in element.EnumerateArray())
            {
                Visit(part, bound);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            if (element.TryGetProperty("class", out var kind))
            {
                Expression(element, kind.GetString()!);
            }
            else if (element.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String)
            {
                bound = Node(element, type.GetString()!, bound);
            }

            Parts(element, bound);
        }
    }

    private void Parts(JsonElement element, IReadOnlyList<string> bound)
    {
        foreach (var part in element.EnumerateObject())
        {
            switch (part.Name)
            {
                case "cte_map":
                    // Read with the node that it belongs to.
                    break;
                case "using_columns":
                    foreach (var column in part.Value.EnumerateArray())
                    {
                        _names.Add(column.GetString()!);
                    }

                    break;
                case "cast_type" or "value" when part.Value.ValueKind == JsonValueKind.Object && !part.Value.TryGetProperty("class", out _):
                    // A type or a constant: it names neither table nor function.
                    break;
                case "sample" or "type_info":
                    break;
                default:
                    Visit(part.Value, bound);
                    break;
            }
        }
    }

    private void Expression(JsonElement element, string kind)
    {
        switch (kind)
        {
            case "FUNCTION" or "WINDOW":
                Function(element);
                break;
            case "COLUMN_REF":
                var names = element.GetProperty("column_names");
                foreach (var name in names.EnumerateArray())
                {
                    _names.Add(name.GetString()!);
                }

                if (names.GetArrayLength() == 1 && Values.TryGetValue(names[0].GetString()!, out var call))
                {
                    _functions.Add(call);
                }

                break;
            case "STAR" or "POSITIONAL_REFERENCE":
                _usesUnnamed = true;
                break;
            case "PARAMETER":
                _parameters.Add(element.GetProperty("identifier").GetString()!);
                break;
            default:
                _refusal ??= Expressions.Contains(kind) ? null : "it has an unknown kind of value";
                break;
        }
    }

    private void Function(JsonElement element)
    {
        var name = element.GetProperty("function_name").GetString()!;
        foreach (var place in (string[])["schema", "catalog"])
        {
            // A value may stand there instead, whose method is called: id.abs(). What has the name is looked at wherever it is.
            if (element.TryGetProperty(place, out var part))
            {
                _names.Add(part.GetString()!);
            }
        }

        if (char.IsAsciiLetter(name[0]) || name[0] == '_')
        {
            // A macro of the database's own that has such a name is called instead.
            if (!Syntax.Contains(name) || database.Functions.Contains(SqlNames.Fold(name)))
            {
                _functions.Add(name);
            }
        }
        else if (!element.TryGetProperty("is_operator", out _) && !name.StartsWith('~') && !name.StartsWith('!'))
        {
            _refusal ??= "it calls an operator by its name";
        }
    }

    private IReadOnlyList<string> Node(JsonElement element, string type, IReadOnlyList<string> bound)
    {
        if (type == "BASE_TABLE")
        {
            Table(element, bound);
            return bound;
        }

        if (type == "PIVOT" || (type == "SHOW_REF" && element.TryGetProperty("query", out _)))
        {
            _usesUnnamed = true;
        }
        else if (!Nodes.Contains(type))
        {
            _refusal ??= "it has an unknown kind of part";
        }

        if (element.TryGetProperty("ref_type", out var join) && join.ValueEquals("NATURAL"))
        {
            _usesUnnamed = true;
        }

        AddAlias(element);
        return element.TryGetProperty("cte_map", out var map) && map.TryGetProperty("map", out var tables) ? Bind(tables, bound) : bound;
    }

    /// <summary>Reads the queries of WITH. Each sees those before it, and itself only where it is recursive.</summary>
    private List<string> Bind(JsonElement tables, IReadOnlyList<string> bound)
    {
        var seen = new List<string>(bound);
        foreach (var table in tables.EnumerateArray())
        {
            var name = table.GetProperty("key").GetString()!;
            var query = table.GetProperty("value");
            var isRecursive = query.GetProperty("query").GetProperty("node").GetProperty("type").ValueEquals("RECURSIVE_CTE_NODE");
            Visit(query, isRecursive ? [.. seen, name] : [.. seen]);
            seen.Add(name);
            _aliases.Add(name);
        }

        return seen;
    }

    private void Table(JsonElement element, IReadOnlyList<string> bound)
    {
        var name = element.GetProperty("table_name").GetString()!;
        var hasSchema = element.TryGetProperty("schema_name", out var schema);
        if (element.TryGetProperty("catalog_name", out _) || element.TryGetProperty("at_clause", out _))
        {
            _refusal ??= "it leaves the database";
        }

        if (element.TryGetProperty("column_name_alias", out _))
        {
            _usesUnnamed = true;
        }

        AddAlias(element);
        if (hasSchema || !bound.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            _aliases.Add(name);
            _tables.Add($"{(hasSchema ? schema.GetString() : database.DefaultSchema)}.{name}");
        }
    }

    private void AddAlias(JsonElement element)
    {
        if (element.TryGetProperty("alias", out var alias))
        {
            _aliases.Add(alias.GetString()!);
        }
    }
}
