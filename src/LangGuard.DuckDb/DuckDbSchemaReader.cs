using System.Diagnostics.CodeAnalysis;
using DuckDB.NET.Data;
using LangGuard.Data;

namespace LangGuard.DuckDb;

/// <summary>Reads what a DuckDB file holds.</summary>
[SuppressMessage("Security", "CA2100", Justification = "The texts are constants.")]
internal static class DuckDbSchemaReader
{
    internal const string DefaultSchema = "main";

    private const string Tables = """
        SELECT schema_name, table_name, false AS is_view, column_name, column_index FROM duckdb_columns()
        WHERE NOT internal AND database_name = current_database()
            AND (schema_oid, table_name) IN (SELECT (schema_oid, table_name) FROM duckdb_tables() WHERE NOT internal AND database_name = current_database())
        UNION ALL SELECT schema_name, table_name, true, column_name, column_index FROM duckdb_columns()
        WHERE NOT internal AND database_name = current_database()
            AND (schema_oid, table_name) IN (SELECT (schema_oid, view_name) FROM duckdb_views() WHERE NOT internal AND database_name = current_database())
        ORDER BY 1, 2, 5
        """;

    private const string Functions = "SELECT DISTINCT function_name FROM duckdb_functions() WHERE NOT internal ORDER BY 1";

    private const string Types = "SELECT DISTINCT type_name FROM duckdb_types() WHERE NOT internal ORDER BY 1";

    /// <summary>Reads the schema; it is <paramref name="known"/> itself when nothing has changed.</summary>
    internal static SqlSchema Read(DuckDBConnection connection, SqlSchema? known)
    {
        var tables = new List<(string Schema, string Name, bool IsView, List<string> Columns)>();
        Each(connection, Tables, row =>
        {
            var (schema, name) = (row.GetString(0), row.GetString(1));
            if (tables.Count == 0 || tables[^1].Schema != schema || tables[^1].Name != name)
            {
                tables.Add((schema, name, row.GetBoolean(2), []));
            }

            tables[^1].Columns.Add(row.GetString(3));
        });
        var functions = new List<string>();
        Each(connection, Functions, row => functions.Add(row.GetString(0)));
        var types = new List<string>();
        Each(connection, Types, row => types.Add(row.GetString(0)));
        var now = new SqlSchema(
            SqlDialect.DuckDb,
            tables.Select(table => new SqlTable(table.Schema, table.Name, table.Columns, table.IsView)),
            functions,
            types,
            DefaultSchema);
        return known is not null && IsSame(known, now) ? known : now;
    }

    internal static void Each(DuckDBConnection connection, string query, Action<DuckDBDataReader> row)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            row(reader);
        }
    }

    private static bool IsSame(SqlSchema known, SqlSchema now) =>
        known.Functions.SetEquals(now.Functions)
        && known.Types.SetEquals(now.Types)
        && known.Tables.Count == now.Tables.Count
        && known.Tables.Zip(now.Tables).All(pair => pair.First.Schema == pair.Second.Schema && pair.First.Name == pair.Second.Name
            && pair.First.IsView == pair.Second.IsView && pair.First.Columns.SequenceEqual(pair.Second.Columns, StringComparer.Ordinal));
}
