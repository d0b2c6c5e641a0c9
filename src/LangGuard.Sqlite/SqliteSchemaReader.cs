using LangGuard.Data;
using Microsoft.Data.Sqlite;

namespace LangGuard.Sqlite;

/// <summary>Reads what a SQLite file holds, on a connection of the host's own.</summary>
internal static class SqliteSchemaReader
{
    internal static long Version(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA schema_version";
        return (long)command.ExecuteScalar()!;
    }

    internal static SqlSchema Read(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT t.name, t.type, c.name
            FROM pragma_table_list AS t LEFT JOIN pragma_table_xinfo(t.name) AS c ON c.hidden <> 1
            WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\'
            ORDER BY t.name, c.cid
            """;
        using var reader = command.ExecuteReader();
        var tables = new Dictionary<string, (bool IsView, List<string> Columns)>(StringComparer.Ordinal);
        while (reader.Read())
        {
            var name = reader.GetString(0);
            if (!tables.TryGetValue(name, out var table))
            {
                tables.Add(name, table = (reader.GetString(1) == "view", []));
            }

            if (!reader.IsDBNull(2))
            {
                table.Columns.Add(reader.GetString(2));
            }
        }

        return new SqlSchema(
            SqlDialect.Sqlite,
            tables.Select(table => new SqlTable("main", table.Key, table.Value.Columns, table.Value.IsView)));
    }
}
