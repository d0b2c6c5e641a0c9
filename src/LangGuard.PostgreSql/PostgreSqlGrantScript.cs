using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using LangGuard.Data;
using LangGuard.Permissions;
using Npgsql;

namespace LangGuard.PostgreSql;

/// <summary>Writes the script that makes the least role for a policy, so that the server alone refuses what the policy does
/// not grant.</summary>
public static class PostgreSqlGrantScript
{
    /// <summary>Writes the script: role, limits, rights by table and column, and a check that nothing else is left. Run it as
    /// an administrator, then give the role a password.</summary>
    /// <param name="connectionString">A login that can see the schema; it is only read.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="database">The name of the database in the policy.</param>
    /// <param name="role">The name of the role.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ArgumentException">The policy names no such database.</exception>
    /// <remarks>The script takes rights away from PUBLIC, which every login of the database has: to make objects and temporary
    /// tables, and to run functions with the rights of their owner. It is safe to run again after a change of the
    /// policy.</remarks>
    public static Task<string> CreateAsync(
        string connectionString, Policy policy, string database, string role, CancellationToken cancellationToken = default) =>
        CreateAsync(connectionString, policy, database, role, default, cancellationToken);

    /// <summary>Writes the same script with row filters that the server enforces: policies of row-level security that compare
    /// with the session's values, signed with a key.</summary>
    /// <param name="connectionString">A login that can see the schema; it is only read.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="database">The name of the database in the policy.</param>
    /// <param name="role">The name of the role.</param>
    /// <param name="rowKey">At least 32 random bytes, the same that <c>UsePostgreSql</c> gets. The script holds them: run it
    /// and throw it away. Empty: row filters are the inspector's alone.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ArgumentException">The policy names no such database, or the key is too short.</exception>
    public static async Task<string> CreateAsync(
        string connectionString, Policy policy, string database, string role, ReadOnlyMemory<byte> rowKey,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        ArgumentException.ThrowIfNullOrWhiteSpace(role);
        if (rowKey.Length is > 0 and < PostgreSqlRowSecurity.MinKeyLength)
        {
            throw new ArgumentException("The key has fewer than 32 bytes.", nameof(rowKey));
        }

        var options = DatabaseOptions.Of(policy, database);
        var connection = new NpgsqlConnection(connectionString);
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return Write(connection, options, role, rowKey);
        }
    }

    private static string Write(NpgsqlConnection connection, DatabaseOptions options, string role, ReadOnlyMemory<byte> rowKey)
    {
        var schema = PostgreSqlSchemaReader.Read(connection, null);
        var name = Quote(role);
        var script = new StringBuilder();
        WriteRole(script, options, role, name);
        WritePublic(script, connection);
        WriteReset(script, schema, name);
        var granted = new List<string>();
        if (rowKey.Length > 0)
        {
            PostgreSqlRowSecurity.WriteFunction(script, role, name, rowKey.Span);
        }

        foreach (var table in schema.Tables)
        {
            if (PostgreSqlPolicy.Find(options, table.Schema, table.Name) is not { } rule)
            {
                continue;
            }

            WriteTable(script, connection, table, rule, name, granted);
            if (rule.Rows.Count > 0 && rowKey.Length > 0 && !table.IsView)
            {
                PostgreSqlRowSecurity.WriteTable(script, connection, table, rule, role, name);
            }
        }

        WriteCheck(script, role, granted);
        return script.ToString();
    }

    private static void WriteRole(StringBuilder script, DatabaseOptions options, string role, string name)
    {
        var limits = options.Limits;
        var timeout = (long)Math.Ceiling(limits.Timeout.TotalMilliseconds);
        script.Append(CultureInfo.InvariantCulture, $"""
            DO $role$ BEGIN
              IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {Literal(role)}) THEN
                CREATE ROLE {name};
              END IF;
            END $role$;
            ALTER ROLE {name} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
            ALTER ROLE {name} SET statement_timeout = {timeout};
            ALTER ROLE {name} SET lock_timeout = {Math.Min(timeout, 2_000)};
            ALTER ROLE {name} SET idle_in_transaction_session_timeout = {timeout + 60_000};
            ALTER ROLE {name} SET temp_file_limit = '256MB';
            ALTER ROLE {name} SET search_path = pg_catalog, public;
            ALTER ROLE {name} SET default_transaction_read_only = {(options.Writes ? "off" : "on")};

            """);
    }

    /// <summary>What every login has through PUBLIC.</summary>
    private static void WritePublic(StringBuilder script, NpgsqlConnection connection)
    {
        script.Append(CultureInfo.InvariantCulture, $"REVOKE TEMPORARY, CREATE ON DATABASE {Quote(connection.Database)} FROM PUBLIC;\n");
        const string Schemas = """
            SELECT 'REVOKE CREATE ON SCHEMA ' || pg_catalog.quote_ident(nspname) || ' FROM PUBLIC;'
            FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
            UNION ALL
            SELECT 'REVOKE EXECUTE ON ' || CASE prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END
                || oid::pg_catalog.regprocedure || ' FROM PUBLIC;'
            FROM pg_catalog.pg_proc WHERE oid >= 16384 AND prosecdef AND prokind IN ('f', 'p', 'w') ORDER BY 1
            """;
        foreach (var line in Lines(connection, Schemas))
        {
            script.Append(line).Append('\n');
        }
    }

    private static void WriteReset(StringBuilder script, SqlSchema schema, string name)
    {
        foreach (var group in schema.Tables.GroupBy(table => table.Schema, StringComparer.Ordinal))
        {
            script.Append(CultureInfo.InvariantCulture, $"""
                REVOKE ALL ON ALL TABLES IN SCHEMA {Quote(group.Key)} FROM {name};
                REVOKE ALL ON ALL SEQUENCES IN SCHEMA {Quote(group.Key)} FROM {name};
                REVOKE ALL ON SCHEMA {Quote(group.Key)} FROM {name};

                """);
            foreach (var table in group)
            {
                // Rights on columns stay when those on the table go.
                script.Append(CultureInfo.InvariantCulture,
                    $"REVOKE ALL ({string.Join(", ", table.Columns.Select(Quote))}) ON {NameOf(table)} FROM {name};\n");
            }
        }
    }

    private static void WriteTable(
        StringBuilder script, NpgsqlConnection connection, SqlTable table, DatabaseTableOptions rule, string name,
        List<string> granted)
    {
        script.Append(CultureInfo.InvariantCulture, $"GRANT USAGE ON SCHEMA {Quote(table.Schema)} TO {name};\n");
        foreach (var right in (ReadOnlySpan<DatabasePermissions>)
            [DatabasePermissions.Select, DatabasePermissions.Insert, DatabasePermissions.Update, DatabasePermissions.Delete])
        {
            if ((rule.Allow & right) != 0)
            {
                var word = right.ToString().ToUpperInvariant();
                var some = right == DatabasePermissions.Delete ? "" : Columns(table, rule, right);
                script.Append(CultureInfo.InvariantCulture, $"GRANT {word}{some} ON {NameOf(table)} TO {name};\n");
                granted.Add($"({Literal(table.Schema)}, {Literal(table.Name)}, '{word}')");
            }
        }

        if ((rule.Allow & DatabasePermissions.Insert) != 0)
        {
            var sequences = $"""
                SELECT s.oid::pg_catalog.regclass::text FROM pg_catalog.pg_class AS s
                JOIN pg_catalog.pg_depend AS d ON d.objid = s.oid AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    AND d.refclassid = d.classid AND d.deptype = 'a'
                WHERE s.relkind = 'S' AND d.refobjid = {Literal(NameOf(table))}::pg_catalog.regclass ORDER BY 1
                """;
            foreach (var sequence in Lines(connection, sequences))
            {
                script.Append(CultureInfo.InvariantCulture, $"GRANT USAGE ON SEQUENCE {sequence} TO {name};\n");
            }
        }
    }

    /// <summary>The columns of a right, or nothing for all of them. A masked column is never read: the guard puts NULL in its
    /// place.</summary>
    private static string Columns(SqlTable table, DatabaseTableOptions rule, DatabasePermissions right)
    {
        var columns = table.Columns.Where(column => !rule.DenyColumns.Contains(column)
            && (right != DatabasePermissions.Select || !rule.MaskColumns.Contains(column))).ToList();
        return columns.Count == table.Columns.Count ? "" : $" ({string.Join(", ", columns.Select(Quote))})";
    }

    /// <summary>Fails, and with it the script, when the role can still do more with a table.</summary>
    private static void WriteCheck(StringBuilder script, string role, List<string> granted)
    {
        var expected = granted.Count == 0 ? "(NULL, NULL, NULL)" : string.Join(", ", granted);
        script.Append(CultureInfo.InvariantCulture, $"""
            DO $check$ DECLARE excess text; BEGIN
              SELECT string_agg(p.name || ' on ' || n.nspname || '.' || c.relname, ', ') INTO excess
              FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
              CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES'), ('TRIGGER'))
                AS p(name)
              WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
              AND has_schema_privilege({Literal(role)}, n.oid, 'USAGE')
              AND (has_table_privilege({Literal(role)}, c.oid, p.name) OR (p.name IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
                AND has_any_column_privilege({Literal(role)}, c.oid, p.name)))
              AND NOT EXISTS (SELECT FROM (VALUES {expected}) AS g(s, t, r)
                WHERE g.s = n.nspname AND g.t = c.relname AND g.r = p.name);
              IF excess IS NOT NULL THEN
                RAISE EXCEPTION 'The role can do more than the policy grants: %', excess;
              END IF;
            END $check$;

            """);
    }

    [SuppressMessage("Security", "CA2100", Justification = "The only names in the texts are quoted and come from the catalog.")]
    private static List<string> Lines(NpgsqlConnection connection, string query)
    {
        var lines = new List<string>();
        using var command = new NpgsqlCommand(query, connection);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            lines.Add(reader.GetString(0));
        }

        return lines;
    }

    internal static string NameOf(SqlTable table) => $"{Quote(table.Schema)}.{Quote(table.Name)}";

    internal static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    internal static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
