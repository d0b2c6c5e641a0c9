using System.Diagnostics.CodeAnalysis;
using LangGuard.Data;
using LangGuard.Permissions;
using MySqlConnector;

namespace LangGuard.MySql;

/// <summary>Reads what a MySQL or MariaDB server holds besides the engine's own, as far as the login can see it.</summary>
[SuppressMessage("Security", "CA2100", Justification = "The texts are constants.")]
internal static class MySqlSchemaReader
{
    private const string System = "('information_schema', 'mysql', 'performance_schema', 'sys')";

    private const string Tables = $"""
        SELECT t.TABLE_SCHEMA, t.TABLE_NAME, t.TABLE_TYPE, t.ENGINE, c.COLUMN_NAME
        FROM information_schema.TABLES AS t
        LEFT JOIN information_schema.COLUMNS AS c ON c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME
        WHERE t.TABLE_SCHEMA NOT IN {System}
        ORDER BY t.TABLE_SCHEMA, t.TABLE_NAME, c.ORDINAL_POSITION
        """;

    private const string Functions = $"""
        SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_TYPE = 'FUNCTION' AND ROUTINE_SCHEMA NOT IN {System}
        """;

    private const string SideEffects = """
        SELECT EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS
        UNION SELECT UNIQUE_CONSTRAINT_SCHEMA, REFERENCED_TABLE_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS
        WHERE DELETE_RULE IN ('CASCADE', 'SET NULL', 'SET DEFAULT') OR UPDATE_RULE IN ('CASCADE', 'SET NULL', 'SET DEFAULT')
        """;

    /// <summary>Tables of which the login sees only the columns that it may use.</summary>
    private const string Partial = """
        SELECT DISTINCT c.TABLE_SCHEMA, c.TABLE_NAME FROM information_schema.COLUMN_PRIVILEGES AS c
        JOIN (SELECT CONCAT('\'', REPLACE(CURRENT_USER(), '@', '\'@\''), '\'') AS NAME) AS me ON me.NAME = c.GRANTEE
        WHERE COALESCE(CURRENT_ROLE(), 'NONE') = 'NONE'
        AND NOT EXISTS (SELECT 1 FROM information_schema.USER_PRIVILEGES AS u WHERE u.GRANTEE = me.NAME AND u.PRIVILEGE_TYPE = 'SELECT')
        AND NOT EXISTS (SELECT 1 FROM information_schema.SCHEMA_PRIVILEGES AS s
            WHERE s.GRANTEE = me.NAME AND s.PRIVILEGE_TYPE = 'SELECT')
        AND NOT EXISTS (SELECT 1 FROM information_schema.TABLE_PRIVILEGES AS t
            WHERE t.GRANTEE = me.NAME AND t.PRIVILEGE_TYPE = 'SELECT' AND t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME)
        """;

    /// <summary>Reads the schema; the names are those of <paramref name="known"/> itself when none has changed.</summary>
    /// <remarks>Columns that the policy hides and the server too are added: a mask has to know them.</remarks>
    internal static MySqlSchema Read(MySqlConnection connection, MySqlSchema? known, DatabaseOptions? options = null)
    {
        var fragile = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var tables = new List<(string Schema, string Name, bool IsView, List<string> Columns)>();
        Each(connection, Tables, row =>
        {
            var (schema, name) = (row.GetString(0), row.GetString(1));
            if (tables.Count == 0 || tables[^1].Schema != schema || tables[^1].Name != name)
            {
                var isView = row.GetString(2) != "BASE TABLE";
                tables.Add((schema, name, isView, []));
                if (!isView && (row.IsDBNull(3) || !row.GetString(3).Equals("InnoDB", StringComparison.OrdinalIgnoreCase)))
                {
                    fragile.Add($"{schema}.{name}");
                }
            }

            if (!row.IsDBNull(4))
            {
                tables[^1].Columns.Add(row.GetString(4));
            }
        });
        if (options is not null)
        {
            Each(connection, Partial, row =>
            {
                if (tables.Find(table => table.Schema == row.GetString(0) && table.Name == row.GetString(1)) is { Columns: { } columns } table
                    && MySqlPolicy.Find(options, table.Schema, table.Name, connection.Database) is { } rule)
                {
                    columns.AddRange(rule.DenyColumns.Concat(rule.MaskColumns)
                        .Where(column => !columns.Contains(column, StringComparer.OrdinalIgnoreCase)));
                }
            });
        }

        var functions = new List<string>();
        Each(connection, Functions, row => functions.Add(row.GetString(0)));
        Each(connection, SideEffects, row => fragile.Add($"{row.GetString(0)}.{row.GetString(1)}"));
        var names = new SqlSchema(
            SqlDialect.MySql,
            tables.Select(table => new SqlTable(table.Schema, table.Name, table.Columns, table.IsView)),
            functions,
            defaultSchema: connection.Database);
        return new MySqlSchema(known is not null && IsSame(known.Names, names) ? known.Names : names, fragile);
    }

    internal static void Each(MySqlConnection connection, string query, Action<MySqlDataReader> row)
    {
        using var command = new MySqlCommand(query, connection);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            row(reader);
        }
    }

    private static bool IsSame(SqlSchema known, SqlSchema now)
    {
        if (known.Tables.Count != now.Tables.Count || !known.Functions.SetEquals(now.Functions) || known.DefaultSchema != now.DefaultSchema)
        {
            return false;
        }

        for (var i = 0; i < now.Tables.Count; i++)
        {
            var (old, table) = (known.Tables[i], now.Tables[i]);
            if (old.Schema != table.Schema || old.Name != table.Name || old.IsView != table.IsView
                || !old.Columns.SequenceEqual(table.Columns, StringComparer.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
