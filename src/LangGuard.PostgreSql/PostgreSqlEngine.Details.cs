using LangGuard.Data;
using Npgsql;

namespace LangGuard.PostgreSql;

/// <summary>Keys and types of tables.</summary>
internal sealed partial class PostgreSqlEngine
{
    private const string Details = """
        SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
            coalesce(pg_catalog.array_position(i.indkey::int2[], a.attnum), -1), a.attgenerated <> '', a.attidentity = 'a',
            EXISTS (SELECT FROM pg_catalog.pg_trigger AS t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)
            OR EXISTS (SELECT FROM pg_catalog.pg_constraint AS f WHERE f.confrelid = c.oid AND f.contype = 'f'
                AND (f.confdeltype IN ('c', 'n', 'd') OR f.confupdtype IN ('c', 'n', 'd')))
        FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_catalog.pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
        WHERE n.nspname = $1 AND c.relname = $2
        """;

    protected override TableDetails ReadDetails(SqlTable table)
    {
        using var connection = Connect(_schemaSource);
        using var command = new NpgsqlCommand(Details, connection)
        {
            Parameters = { new() { Value = table.Schema }, new() { Value = table.Name } },
        };
        using var reader = command.ExecuteReader();
        var types = new string[table.Columns.Count];
        var key = new List<(int Place, string Column)>();
        var computed = new HashSet<string>(StringComparer.Ordinal);
        var (overrides, sideEffects) = (false, false);
        while (reader.Read())
        {
            var column = reader.GetString(0);
            if (table.IndexOf(column) is var index and >= 0)
            {
                types[index] = reader.GetString(1);
            }

            if (reader.GetInt32(2) is var place and >= 0)
            {
                key.Add((place, column));
            }

            if (reader.GetBoolean(3))
            {
                computed.Add(column);
            }

            overrides |= reader.GetBoolean(4);
            sideEffects |= reader.GetBoolean(5);
        }

        return new TableDetails
        {
            // A type that is gone is one of another snapshot: then nothing of the table is known.
            Key = Array.TrueForAll(types, type => type is not null) ? [.. key.OrderBy(part => part.Place).Select(part => part.Column)] : [],
            Types = types,
            Computed = computed,
            OverridesIdentity = overrides,
            HasSideEffects = sideEffects,
        };
    }
}
