using LangGuard.Data;
using Microsoft.Data.Sqlite;

namespace LangGuard.Sqlite;

/// <summary>Keys and links of tables.</summary>
internal sealed partial class SqliteEngine
{
    protected override TableDetails ReadDetails(SqlTable table)
    {
        using var connection = Connect(writes: false);
        var key = new List<string>();
        var computed = new HashSet<string>(StringComparer.Ordinal);
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT name, pk, hidden FROM pragma_table_xinfo(@table) ORDER BY pk";
            command.Parameters.AddWithValue("@table", table.Name);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                var column = SqlNames.Fold(reader.GetString(0));
                if (reader.GetInt64(1) > 0)
                {
                    key.Add(column);
                }

                if (reader.GetInt64(2) is 2 or 3)
                {
                    computed.Add(column);
                }
            }
        }

        return new TableDetails
        {
            Key = key,
            Computed = computed,
            Links = Links(connection, table.Name),
            HasSideEffects = HasSideEffects(connection, table.Name),
        };
    }

    private static bool HasSideEffects(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(@table))
                OR EXISTS (SELECT 1 FROM pragma_table_list AS t JOIN pragma_foreign_key_list(t.name) AS f
                    WHERE t.schema = 'main' AND lower(f."table") = lower(@table)
                    AND NOT (f.on_delete IN ('NO ACTION', 'RESTRICT') AND f.on_update IN ('NO ACTION', 'RESTRICT')))
            """;
        command.Parameters.AddWithValue("@table", table);
        return (long)command.ExecuteScalar()! != 0;
    }

    /// <summary>Both ends of every foreign key that the table is connected with, also through others: a cascade goes on.</summary>
    private static HashSet<(string Table, string Column)> Links(SqliteConnection connection, string table)
    {
        var all = new List<(string Child, string Column, string Parent, string ParentColumn)>();
        using (var command = connection.CreateCommand())
        {
            // Without a named column it is the parent's primary key.
            command.CommandText = """
                SELECT t.name, f."from", f."table", coalesce(f."to", (SELECT k.name FROM pragma_table_info(f."table") AS k
                    WHERE k.pk = f.seq + 1), '')
                FROM pragma_table_list AS t JOIN pragma_foreign_key_list(t.name) AS f
                WHERE t.schema = 'main'
                """;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                all.Add((
                    SqlNames.Fold(reader.GetString(0)), SqlNames.Fold(reader.GetString(1)),
                    SqlNames.Fold(reader.GetString(2)), SqlNames.Fold(reader.GetString(3))));
            }
        }

        var links = new HashSet<(string, string)>();
        var tables = new HashSet<string>(StringComparer.Ordinal) { table };
        int known;
        do
        {
            known = links.Count;
            foreach (var (child, column, parent, parentColumn) in all)
            {
                if (tables.Contains(child) || tables.Contains(parent))
                {
                    tables.Add(child);
                    tables.Add(parent);
                    links.Add((child, column));
                    links.Add((parent, parentColumn));
                }
            }
        }
        while (links.Count > known);

        return links;
    }
}
