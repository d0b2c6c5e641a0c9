using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LangGuard.Data;
using LangGuard.Permissions;
using Npgsql;

namespace LangGuard.PostgreSql;

/// <summary>Row filters on the server. A setting alone could be set by a statement to another tenant's value; this one is
/// signed with a key that the login can not read, and a function that it can not change checks the signature.</summary>
internal static class PostgreSqlRowSecurity
{
    internal const int MinKeyLength = 32;

    /// <summary>The setting that holds the signed values for one transaction.</summary>
    internal const string Setting = "langguard.rows";

    /// <summary>What the login may call although it runs with its owner's rights: it answers the login's own values.</summary>
    internal const string Function = "langguard.row_value(text)";

    /// <summary>The schema, the keys and the function that checks a signature.</summary>
    internal static void WriteFunction(StringBuilder script, string role, string name, ReadOnlySpan<byte> key) =>
        script.Append(CultureInfo.InvariantCulture, $"""
            CREATE SCHEMA IF NOT EXISTS langguard;
            REVOKE ALL ON SCHEMA langguard FROM PUBLIC;
            CREATE TABLE IF NOT EXISTS langguard.row_keys (login name PRIMARY KEY, key bytea NOT NULL);
            REVOKE ALL ON langguard.row_keys FROM PUBLIC, {name};
            INSERT INTO langguard.row_keys VALUES ({PostgreSqlGrantScript.Literal(role)}, '\x{Convert.ToHexStringLower(key)}')
              ON CONFLICT (login) DO UPDATE SET key = excluded.key;
            CREATE OR REPLACE FUNCTION langguard.row_value(asked text) RETURNS text
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $row$
              SELECT CASE WHEN encode(sha256(k.key || sha256(k.key || t.body)), 'hex') = t.signature THEN
                CASE WHEN (convert_from(t.body, 'UTF8')::json ->> 'until')::numeric > extract(epoch FROM clock_timestamp())
                  THEN convert_from(t.body, 'UTF8')::json -> 'rows' ->> asked END END
              FROM langguard.row_keys AS k,
                (SELECT decode(split_part(s, '.', 1), 'hex') AS body, split_part(s, '.', 2) AS signature
                 FROM (SELECT current_setting('{Setting}', true) AS s) AS signed WHERE s ~ '^([0-9a-f]{"{2}"})*\.[0-9a-f]{"{64}"}$') AS t
              WHERE k.login = session_user
            $row$;
            REVOKE ALL ON FUNCTION {Function} FROM PUBLIC;
            GRANT USAGE ON SCHEMA langguard TO {name};
            GRANT EXECUTE ON FUNCTION {Function} TO {name};

            """);

    /// <summary>The policies of one table. They narrow what other policies of the table admit; a table that had none stays open
    /// for other logins.</summary>
    internal static void WriteTable(
        StringBuilder script, NpgsqlConnection connection, SqlTable table, DatabaseTableOptions rule, string role, string name)
    {
        var place = PostgreSqlGrantScript.NameOf(table);
        var policy = PostgreSqlGrantScript.Quote($"langguard {role}");
        var conditions = rule.Rows.Select(row =>
        {
            var column = table.Columns.FirstOrDefault(known => string.Equals(known, row.Key, StringComparison.OrdinalIgnoreCase)) ?? row.Key;
            return $"{PostgreSqlGrantScript.Quote(column)} = (SELECT langguard.row_value({PostgreSqlGrantScript.Literal(row.Value)}))"
                + $"::{TypeOf(connection, table, column)}";
        });
        var condition = string.Join(" AND ", conditions);
        script.Append(CultureInfo.InvariantCulture, $"""
            DO $open$ BEGIN
              IF NOT (SELECT relrowsecurity FROM pg_catalog.pg_class
                WHERE oid = {PostgreSqlGrantScript.Literal(place)}::pg_catalog.regclass) THEN
                ALTER TABLE {place} ENABLE ROW LEVEL SECURITY;
                CREATE POLICY "langguard others" ON {place} AS PERMISSIVE FOR ALL TO PUBLIC USING (true) WITH CHECK (true);
              END IF;
            END $open$;
            DROP POLICY IF EXISTS {policy} ON {place};
            CREATE POLICY {policy} ON {place} AS RESTRICTIVE FOR ALL TO {name} USING ({condition}) WITH CHECK ({condition});

            """);
    }

    /// <summary>The values of a principal for one statement, signed.</summary>
    internal static string Sign(ReadOnlySpan<byte> key, DatabaseOptions options, Principal principal, TimeSpan time, DateTimeOffset now)
    {
        var body = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteNumber("until", (now + time).ToUnixTimeSeconds() + 60);
            json.WriteStartObject("rows");
            foreach (var name in options.Tables.Values.SelectMany(table => table.Rows.Values).Distinct(StringComparer.Ordinal))
            {
                if (DatabaseRowValue.Of(principal, name) is { } value)
                {
                    json.WriteString(name, value);
                }
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        var inner = SHA256.HashData([.. key, .. body.WrittenSpan]);
        var signature = SHA256.HashData([.. key, .. inner]);
        return $"{Convert.ToHexStringLower(body.WrittenSpan)}.{Convert.ToHexStringLower(signature)}";
    }

    private static string TypeOf(NpgsqlConnection connection, SqlTable table, string column)
    {
        using var command = new NpgsqlCommand(
            """
            SELECT pg_catalog.format_type(atttypid, atttypmod) FROM pg_catalog.pg_attribute
            WHERE attrelid = ($1)::pg_catalog.regclass AND attname = $2 AND NOT attisdropped
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter { Value = PostgreSqlGrantScript.NameOf(table) });
        command.Parameters.Add(new NpgsqlParameter { Value = column });
        return command.ExecuteScalar() as string
            ?? throw new ArgumentException($"The table {table} has no column '{column}', by which the policy confines it.", nameof(column));
    }
}
