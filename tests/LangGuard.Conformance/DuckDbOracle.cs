using System.Text.Json;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using LangGuard.Data;

namespace LangGuard.Conformance;

/// <summary>DuckDB in memory: how many statements its parser sees, the tables and functions of its syntax tree, and the columns
/// that its plan scans when nothing but unused columns is optimised away.</summary>
internal sealed class DuckDbOracle : SqlOracle
{
    private static readonly string[] Operators = ["~~", "!~~", "~~*", "!~~*", "~~~", "!~~~", "->", "->>", "+", "-", "*", "/", "//", "%", "**", "^", "||", "&&"];

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 2_000 };

    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public DuckDbOracle(IEnumerable<string> setup)
    {
        _connection.Open();
        foreach (var statement in setup)
        {
            Execute(statement);
        }

        Schema = ReadSchema();
        var optimizers = Query("SELECT name FROM duckdb_optimizers() WHERE name <> 'unused_columns'").Select(row => row[0]);
        Execute($"SET disabled_optimizers = '{string.Join(',', optimizers)}'");
        Execute("SET enable_external_access = false");
    }

    public override SqlSchema Schema { get; }

    public override string? Missed(string sql, SqlFacts facts, out bool isComparable)
    {
        var statements = CountStatements(sql);
        isComparable = statements > 0;
        if (!isComparable)
        {
            return null;
        }

        return (statements > 1 ? $"{statements} statements" : null)
            ?? MissedByTree(sql, facts) ?? (facts.Kind == SqlStatementKind.Explain ? null : MissedByPlan(sql, facts));
    }

    public override void Dispose() => _connection.Dispose();

    private SqlSchema ReadSchema()
    {
        var views = Query("SELECT view_name FROM duckdb_views() WHERE NOT internal").Select(row => row[0]).ToHashSet();
        return new SqlSchema(
            SqlDialect.DuckDb,
            Query("SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index")
                .GroupBy(row => (row[0], row[1]))
                .Select(table => new SqlTable(table.Key.Item1, table.Key.Item2, table.Select(row => row[2]), views.Contains(table.Key.Item2))),
            Query("SELECT DISTINCT function_name FROM duckdb_functions() WHERE NOT internal").Select(row => row[0]));
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private List<string[]> Query(string sql, string? parameter = null)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        if (parameter is not null)
        {
            command.Parameters.Add(new DuckDBParameter(parameter));
        }

        var rows = new List<string[]>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture)!)]);
        }

        return rows;
    }

    /// <summary>Parses without running anything.</summary>
    private int CountStatements(string sql)
    {
        var count = NativeMethods.ExtractStatements.DuckDBExtractStatements(_connection.NativeConnection, sql, out var statements);
        statements.Dispose();
        return count;
    }

    private string? MissedByTree(string sql, SqlFacts facts)
    {
        var text = Query("SELECT json_serialize_sql(CAST($1 AS VARCHAR))", sql)[0][0];
        using var tree = ParseOrNull(text);
        if (tree is null)
        {
            // The engine writes numbers without an end, which no JSON has. What the guard can not read it does not run.
            return null;
        }

        var root = tree.RootElement;
        return root.GetProperty("error").GetBoolean() ? null
            : root.GetProperty("statements").GetArrayLength() != 1 ? "a second statement"
            : MissedIn(root, facts);
    }

    private static JsonDocument? ParseOrNull(string text)
    {
        try
        {
            return JsonDocument.Parse(text, Deep);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? MissedIn(JsonElement element, SqlFacts facts)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return element.EnumerateArray().Select(item => MissedIn(item, facts)).FirstOrDefault(missed => missed is not null);
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (TextOf(element, "type") == "BASE_TABLE" && SqlNames.Fold(TextOf(element, "table_name")!) is var table && !facts.CommonTables.Contains(table)
            && facts.Tables.All(use => use.Name != table))
        {
            return $"table {table}";
        }

        // Lists, structs and operators are calls to the engine alone: it writes their schema itself.
        if (TextOf(element, "class") == "FUNCTION" && TextOf(element, "schema") != "main" && !element.GetProperty("is_operator").GetBoolean()
            && SqlNames.Fold(TextOf(element, "function_name")!) is var function && !Operators.Contains(function) && IsWritten(function)
            && facts.Functions.All(use => use.Name != function))
        {
            return $"function {function}";
        }

        return element.EnumerateObject().Select(property => MissedIn(property.Value, facts)).FirstOrDefault(missed => missed is not null);
    }

    /// <summary>Whether a call is one in the text, and not what the engine makes of <c>count(*)</c>, ARRAY, INTERVAL and the like.</summary>
    private static bool IsWritten(string function) => function is not ("count_star" or "row" or "list_value" or "array_agg" or "trunc" or "list_sort"
        or "contains" or "date_part" or "timezone" or "unnest" or "to_years" or "to_months" or "to_days" or "to_hours" or "to_minutes"
        or "to_seconds" or "to_milliseconds" or "to_microseconds" or "to_weeks" or "to_quarters" or "to_decades" or "to_centuries" or "to_millennia"
        or "quantile_cont" or "quantile_disc" or "position" or "substring" or "trim" or "ltrim" or "rtrim" or "list_contains" or "date" or "list_filter" or "regexp_full_match");

    private static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private string? MissedByPlan(string sql, SqlFacts facts)
    {
        // Without its optimizers the engine crashes on an ASOF join whose conditions are of one side.
        if (sql.Contains("asof", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (facts.Tables.Any(use => use.Table is null or { IsView: true }) || facts.Functions.Any(function => !function.IsBuiltIn))
        {
            // A view shows what is behind it; what is not known no policy allows.
            return null;
        }

        string plan;
        try
        {
            plan = Query($"EXPLAIN (FORMAT json) {sql}")[0][1];
        }
        catch (Exception exception) when (exception is DuckDBException or InvalidOperationException)
        {
            // What it can not run, or not without parameters, it does not read.
            return null;
        }

        using var document = JsonDocument.Parse(plan, Deep);
        return MissedScan(document.RootElement, facts);
    }

    private static string? MissedScan(JsonElement element, SqlFacts facts)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return element.EnumerateArray().Select(item => MissedScan(item, facts)).FirstOrDefault(missed => missed is not null);
        }

        if (element.GetProperty("extra_info") is var details && TextOf(details, "Table") is { } name)
        {
            var parts = SqlNames.Fold(name).Split('.');
            if (facts.Tables.FirstOrDefault(use => use.Name == parts[^1] && use.Schema == parts[^2]) is not { Table: { } table } found)
            {
                return $"table {name}";
            }

            // Changes read whole rows of their target.
            if (facts.Changes.All(change => change.Target != found))
            {
                foreach (var column in Columns(details.GetProperty("Projections")))
                {
                    if (table.IndexOf(SqlNames.Fold(column)) is var index and >= 0 && found.ColumnUse(index) == SqlUse.None)
                    {
                        return $"column {name}.{column}";
                    }
                }
            }
        }

        return element.GetProperty("children").EnumerateArray().Select(child => MissedScan(child, facts)).FirstOrDefault(missed => missed is not null);
    }

    private static IEnumerable<string> Columns(JsonElement projections) => projections.ValueKind == JsonValueKind.Array
        ? projections.EnumerateArray().Select(column => column.GetString()!)
        : [projections.GetString()!];
}
