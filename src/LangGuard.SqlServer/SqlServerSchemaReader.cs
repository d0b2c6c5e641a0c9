using System.Diagnostics.CodeAnalysis;
using LangGuard.Data;
using Microsoft.Data.SqlClient;

namespace LangGuard.SqlServer;

/// <summary>Reads what a database holds besides the engine's own, as far as the login can see it.</summary>
[SuppressMessage("Security", "CA2100", Justification = "The texts are constants.")]
internal static class SqlServerSchemaReader
{
    private const string Tables = """
        SELECT s.name, o.name, o.type, c.name FROM sys.objects AS o
        JOIN sys.schemas AS s ON s.schema_id = o.schema_id
        LEFT JOIN sys.columns AS c ON c.object_id = o.object_id
        WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0 ORDER BY s.name, o.name, o.object_id, c.column_id
        """;

    private const string Functions = """
        SELECT name FROM sys.objects WHERE type IN ('FN', 'IF', 'TF', 'FS', 'FT', 'AF') AND is_ms_shipped = 0
        """;

    /// <summary>Tables whose changes run code or change other tables.</summary>
    private const string SideEffects = """
        SELECT s.name, o.name FROM sys.triggers AS t JOIN sys.objects AS o ON o.object_id = t.parent_id
        JOIN sys.schemas AS s ON s.schema_id = o.schema_id WHERE t.is_disabled = 0
        UNION SELECT s.name, o.name FROM sys.foreign_keys AS k JOIN sys.objects AS o ON o.object_id = k.referenced_object_id
        JOIN sys.schemas AS s ON s.schema_id = o.schema_id
        WHERE k.delete_referential_action <> 0 OR k.update_referential_action <> 0
        """;

    private const string Database = """
        SELECT SCHEMA_NAME(), CAST(CASE WHEN d.snapshot_isolation_state = 1 THEN 1 ELSE 0 END AS int)
        FROM sys.databases AS d WHERE d.database_id = DB_ID()
        """;

    /// <summary>Reads the schema; the names are those of <paramref name="known"/> itself when none has changed.</summary>
    internal static SqlServerSchema Read(SqlConnection connection, SqlServerSchema? known)
    {
        var (defaultSchema, hasSnapshots) = ("dbo", false);
        Each(connection, Database, row => (defaultSchema, hasSnapshots) = (row.IsDBNull(0) ? "dbo" : row.GetString(0), row.GetInt32(1) == 1));
        var tables = new List<(string Schema, string Name, bool IsView, List<string> Columns)>();
        Each(connection, Tables, row =>
        {
            var (schema, name) = (row.GetString(0), row.GetString(1));
            if (tables.Count == 0 || tables[^1].Schema != schema || tables[^1].Name != name)
            {
                tables.Add((schema, name, row.GetString(2).Trim() == "V", []));
            }

            if (!row.IsDBNull(3))
            {
                tables[^1].Columns.Add(row.GetString(3));
            }
        });
        var functions = new List<string>();
        Each(connection, Functions, row => functions.Add(row.GetString(0)));
        var fragile = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Each(connection, SideEffects, row => fragile.Add($"{row.GetString(0)}.{row.GetString(1)}"));
        var names = new SqlSchema(
            SqlDialect.TSql,
            tables.Select(table => new SqlTable(table.Schema, table.Name, table.Columns, table.IsView)),
            functions,
            defaultSchema: defaultSchema);
        return new SqlServerSchema(known is not null && IsSame(known.Names, names) ? known.Names : names, fragile, hasSnapshots);
    }

    internal static void Each(SqlConnection connection, string query, Action<SqlDataReader> row)
    {
        using var command = new SqlCommand(query, connection);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            row(reader);
        }
    }

    private static bool IsSame(SqlSchema known, SqlSchema now) =>
        known.DefaultSchema == now.DefaultSchema
        && known.Functions.SetEquals(now.Functions)
        && known.Tables.Count == now.Tables.Count
        && known.Tables.Zip(now.Tables).All(pair => pair.First.Schema == pair.Second.Schema && pair.First.Name == pair.Second.Name
            && pair.First.IsView == pair.Second.IsView && pair.First.Columns.SequenceEqual(pair.Second.Columns, StringComparer.Ordinal));
}
