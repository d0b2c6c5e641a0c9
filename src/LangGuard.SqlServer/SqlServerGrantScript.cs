using System.Globalization;
using System.Text;
using LangGuard.Permissions;
using Microsoft.Data.SqlClient;

namespace LangGuard.SqlServer;

/// <summary>Writes the script that makes the least role for a policy, so that the server alone refuses what the policy does not
/// grant.</summary>
public static class SqlServerGrantScript
{
    /// <summary>Writes the script: a role with rights by table and column, row filters, and at its end a query that lists what the
    /// role can do. Run it in the database as an administrator, then make the login's user a member of the role and of no other.</summary>
    /// <param name="connectionString">A login that can see the schema, with the database; it is only read.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="database">The name of the database in the policy.</param>
    /// <param name="role">The name of the role.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ArgumentException">The policy names no such database, or confines a table by a column that it has not.</exception>
    public static async Task<string> CreateAsync(
        string connectionString, Policy policy, string database, string role, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        ArgumentException.ThrowIfNullOrWhiteSpace(role);
        var options = DatabaseOptions.Of(policy, database);
        var connection = new SqlConnection(connectionString);
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            var schema = SqlServerSchemaReader.Read(connection, known: null).Names;
            return Write(
                schema.Tables.Select(table => (table.Schema, table.Name, table.Columns)), options, schema.DefaultSchema, role);
        }
    }

    internal static string Write(
        IEnumerable<(string Schema, string Table, IReadOnlyList<string> Columns)> tables, DatabaseOptions options, string defaultSchema,
        string role)
    {
        var name = SqlServerText.Quote(role);
        var script = new StringBuilder();
        script.Append(CultureInfo.InvariantCulture, $"""
            IF DATABASE_PRINCIPAL_ID({SqlServerText.Literal(role)}) IS NULL CREATE ROLE {name};
            DENY ALTER, CREATE TABLE, CREATE VIEW, CREATE PROCEDURE, CREATE FUNCTION, BACKUP DATABASE, BACKUP LOG TO {name};

            """);
        foreach (var (schema, table, columns) in tables)
        {
            var place = $"{SqlServerText.Quote(schema)}.{SqlServerText.Quote(table)}";
            if (SqlServerPolicy.Find(options, schema, table, defaultSchema) is { } rule)
            {
                WriteTable(script, place, columns, rule, name);
                if (rule.Rows.Count > 0)
                {
                    SqlServerRowSecurity.Write(script, schema, table, columns, rule, role);
                }
            }
            else
            {
                // What another role or everybody may do is taken from this one.
                script.Append(CultureInfo.InvariantCulture, $"DENY SELECT, INSERT, UPDATE, DELETE ON {place} TO {name};\n");
            }
        }

        foreach (var function in options.Functions)
        {
            var dot = function.LastIndexOf('.');
            var (owner, called) = dot < 0 ? (defaultSchema, function) : (function[..dot], function[(dot + 1)..]);
            script.Append(CultureInfo.InvariantCulture, $"""
                IF OBJECTPROPERTYEX(OBJECT_ID({SqlServerText.Literal($"{SqlServerText.Quote(owner)}.{SqlServerText.Quote(called)}")}), 'IsScalarFunction') = 1
                  GRANT EXECUTE ON {SqlServerText.Quote(owner)}.{SqlServerText.Quote(called)} TO {name};
                ELSE IF OBJECTPROPERTYEX(OBJECT_ID({SqlServerText.Literal($"{SqlServerText.Quote(owner)}.{SqlServerText.Quote(called)}")}), 'IsTableFunction') = 1
                  GRANT SELECT ON {SqlServerText.Quote(owner)}.{SqlServerText.Quote(called)} TO {name};

                """);
        }

        return script.Append(CultureInfo.InvariantCulture, $"""
            -- Verify: what the role can do now. Every line is in the policy.
            SELECT p.state_desc, p.permission_name, OBJECT_SCHEMA_NAME(p.major_id) AS [schema], OBJECT_NAME(p.major_id) AS [object],
              COL_NAME(p.major_id, p.minor_id) AS [column]
            FROM sys.database_permissions AS p WHERE p.grantee_principal_id = DATABASE_PRINCIPAL_ID({SqlServerText.Literal(role)})
            ORDER BY 3, 4, 2, 5;
            -- ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON;
            -- CREATE USER ... FOR LOGIN ...; ALTER ROLE {name} ADD MEMBER ...;

            """).ToString();
    }

    private static void WriteTable(StringBuilder script, string place, IReadOnlyList<string> columns, DatabaseTableOptions rule, string role)
    {
        script.Append(CultureInfo.InvariantCulture, $"REVOKE SELECT, INSERT, UPDATE, DELETE ON {place} FROM {role};\n");
        foreach (var (permission, right) in ((DatabasePermissions, string)[])
            [(DatabasePermissions.Select, "SELECT"), (DatabasePermissions.Insert, "INSERT"), (DatabasePermissions.Update, "UPDATE"), (DatabasePermissions.Delete, "DELETE")])
        {
            if ((rule.Allow & permission) == 0)
            {
                script.Append(CultureInfo.InvariantCulture, $"DENY {right} ON {place} TO {role};\n");
                continue;
            }

            var hidden = columns.Where(column => SqlServerPolicy.Hidden(rule, permission).Contains(column, StringComparer.OrdinalIgnoreCase)).ToList();
            if (hidden.Count == 0 || permission is DatabasePermissions.Insert or DatabasePermissions.Delete)
            {
                // The server knows no INSERT by column.
                script.Append(CultureInfo.InvariantCulture, $"GRANT {right} ON {place} TO {role};\n");
                continue;
            }

            script.Append(CultureInfo.InvariantCulture, $"GRANT {right} ON {place} ({List(columns.Except(hidden))}) TO {role};\n");
            script.Append(CultureInfo.InvariantCulture, $"DENY {right} ON {place} ({List(hidden)}) TO {role};\n");
        }
    }

    private static string List(IEnumerable<string> columns) => string.Join(", ", columns.Select(SqlServerText.Quote));
}
