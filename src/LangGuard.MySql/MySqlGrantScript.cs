using System.Globalization;
using System.Text;
using LangGuard.Permissions;
using MySqlConnector;

namespace LangGuard.MySql;

/// <summary>Writes the script that makes the least user for a policy, so that the server alone refuses what the policy does
/// not grant.</summary>
public static class MySqlGrantScript
{
    /// <summary>Writes the script: user and rights by table and column. Run it as an administrator, then give the user a
    /// password.</summary>
    /// <param name="connectionString">A login that can see the schema, with the database; it is only read.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="database">The name of the database in the policy.</param>
    /// <param name="user">The name of the user.</param>
    /// <param name="host">Where the user may come from.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ArgumentException">The policy names no such database.</exception>
    /// <remarks>The new user is locked until it gets a password. All rights that a user of this name has are taken away first,
    /// so the script is safe to run again after a change of the policy. The server has no row filters: those are the
    /// inspector's alone.</remarks>
    public static async Task<string> CreateAsync(
        string connectionString, Policy policy, string database, string user, string host = "%",
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        var options = DatabaseOptions.Of(policy, database);
        var connection = new MySqlConnection(connectionString);
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return Write(connection, options, $"{Literal(user)}@{Literal(host)}");
        }
    }

    private static string Write(MySqlConnection connection, DatabaseOptions options, string user)
    {
        var script = new StringBuilder();
        script.Append(CultureInfo.InvariantCulture, $"""
            CREATE USER IF NOT EXISTS {user} ACCOUNT LOCK;
            REVOKE ALL PRIVILEGES, GRANT OPTION FROM {user};

            """);
        var tables = new List<(string Schema, string Table, List<string> Columns)>();
        MySqlSchemaReader.Each(
            connection,
            """
            SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME FROM information_schema.COLUMNS
            WHERE TABLE_SCHEMA NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')
            ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION
            """,
            row =>
            {
                if (tables.Count == 0 || tables[^1].Schema != row.GetString(0) || tables[^1].Table != row.GetString(1))
                {
                    tables.Add((row.GetString(0), row.GetString(1), []));
                }

                tables[^1].Columns.Add(row.GetString(2));
            });
        foreach (var (schema, table, columns) in tables)
        {
            if (MySqlPolicy.Find(options, schema, table, connection.Database) is { } rule)
            {
                WriteTable(script, $"{MySqlText.Quote(schema)}.{MySqlText.Quote(table)}", columns, rule, user);
            }
        }

        foreach (var function in options.Functions)
        {
            WriteFunction(script, connection, function, user);
        }

        return script.Append(CultureInfo.InvariantCulture, $"-- ALTER USER {user} IDENTIFIED BY '...' ACCOUNT UNLOCK;\n").ToString();
    }

    private static void WriteTable(StringBuilder script, string table, List<string> columns, DatabaseTableOptions rule, string user)
    {
        foreach (var (permission, right) in ((DatabasePermissions, string)[])
            [(DatabasePermissions.Select, "SELECT"), (DatabasePermissions.Insert, "INSERT"), (DatabasePermissions.Update, "UPDATE")])
        {
            if ((rule.Allow & permission) == 0)
            {
                continue;
            }

            var granted = columns.Where(column => !rule.DenyColumns.Contains(column)
                && (permission != DatabasePermissions.Select || !rule.MaskColumns.Contains(column))).ToList();
            if (granted.Count > 0)
            {
                var list = granted.Count == columns.Count ? string.Empty : $" ({string.Join(", ", granted.Select(MySqlText.Quote))})";
                script.Append(CultureInfo.InvariantCulture, $"GRANT {right}{list} ON {table} TO {user};\n");
            }
        }

        if ((rule.Allow & DatabasePermissions.Delete) != 0)
        {
            script.Append(CultureInfo.InvariantCulture, $"GRANT DELETE ON {table} TO {user};\n");
        }
    }

    private static void WriteFunction(StringBuilder script, MySqlConnection connection, string function, string user)
    {
        var dot = function.LastIndexOf('.');
        var (schema, name) = dot < 0 ? (connection.Database, function) : (function[..dot], function[(dot + 1)..]);
        MySqlSchemaReader.Each(
            connection,
            "SELECT ROUTINE_SCHEMA, ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_TYPE = 'FUNCTION'",
            row =>
            {
                if (string.Equals(row.GetString(0), schema, StringComparison.OrdinalIgnoreCase)
                    && string.Equals(row.GetString(1), name, StringComparison.OrdinalIgnoreCase))
                {
                    script.Append(CultureInfo.InvariantCulture,
                        $"GRANT EXECUTE ON FUNCTION {MySqlText.Quote(row.GetString(0))}.{MySqlText.Quote(row.GetString(1))} TO {user};\n");
                }
            });
    }

    private static string Literal(string text) => $"'{text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}
