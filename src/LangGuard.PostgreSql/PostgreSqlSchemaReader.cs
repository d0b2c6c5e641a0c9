using System.Collections.Frozen;
using LangGuard.Data;
using Npgsql;

namespace LangGuard.PostgreSql;

/// <summary>Reads what a PostgreSQL database holds besides the engine's own.</summary>
internal static class PostgreSqlSchemaReader
{
    /// <summary>Object ids from here on are not the engine's own, in whatever schema they are.</summary>
    private const string Own = "16384";

    private const string Tables = """
        SELECT n.nspname, c.relname, c.relkind IN ('v', 'm'), a.attname
        FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        ORDER BY n.nspname, c.relname, a.attnum
        """;

    private const string Functions =
        $"SELECT DISTINCT proname::text FROM pg_catalog.pg_proc WHERE oid >= {Own} ORDER BY 1";

    /// <summary>Operators of extensions written in C compute a value; those in other languages may do anything.</summary>
    private const string Operators = $"""
        SELECT DISTINCT o.oprname::text FROM pg_catalog.pg_operator AS o
        JOIN pg_catalog.pg_proc AS p ON p.oid = o.oprcode
        JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
        WHERE o.oid >= {Own} AND (p.prosecdef OR l.lanname NOT IN ('internal', 'c')) ORDER BY 1
        """;

    private const string Types = $"""
        SELECT DISTINCT typname::text FROM pg_catalog.pg_type
        WHERE oid >= {Own} AND typtype <> 'c' AND typcategory <> 'A' ORDER BY 1
        """;

    /// <summary>Functions of the server's own that a statement can call. A type may be written like a call, and words of the grammar
    /// too.</summary>
    private const string EngineFunctions = $"""
        SELECT DISTINCT p.proname::text FROM pg_catalog.pg_proc AS p WHERE p.oid < {Own}
        AND NOT 'pg_catalog.internal'::pg_catalog.regtype = ANY (p.proargtypes::pg_catalog.oid[])
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_type AS t WHERE t.typname = p.proname AND t.oid < {Own})
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_get_keywords() AS k WHERE k.word = p.proname AND k.catcode <> 'U') ORDER BY 1
        """;

    private const string EngineRelations = $"""
        SELECT relname::text FROM pg_catalog.pg_class
        WHERE oid < {Own} AND relnamespace = 'pg_catalog'::pg_catalog.regnamespace AND relkind IN ('r', 'v') ORDER BY 1
        """;

    /// <summary>Reads what the server calls its own.</summary>
    internal static EngineNames ReadEngineNames(NpgsqlConnection connection)
    {
        using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(EngineFunctions), new(EngineRelations) } };
        using var reader = batch.ExecuteReader();
        var functions = ReadNames(reader);
        reader.NextResult();
        return new EngineNames(SqlDialect.PostgreSql, functions, ReadNames(reader), ["information_schema", "pg_toast"]);
    }

    /// <summary>Reads the schema; returns <paramref name="known"/> itself when nothing has changed.</summary>
    internal static SqlSchema Read(NpgsqlConnection connection, SqlSchema? known)
    {
        using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new(Tables), new(Functions), new(Types), new(Operators) },
        };
        using var reader = batch.ExecuteReader();
        var tables = ReadTables(reader);
        reader.NextResult();
        var functions = ReadNames(reader);
        reader.NextResult();
        var types = ReadNames(reader);
        reader.NextResult();
        var operators = ReadNames(reader);
        return known is not null && known.Operators.SetEquals(operators) && IsSame(known, tables, functions, types)
            ? known
            : new SqlSchema(SqlDialect.PostgreSql, tables, functions, types)
            {
                Operators = operators.ToFrozenSet(StringComparer.Ordinal),
            };
    }

    private static List<SqlTable> ReadTables(NpgsqlDataReader reader)
    {
        var tables = new List<SqlTable>();
        var columns = new List<string>();
        (string Schema, string Name, bool IsView)? current = null;
        while (reader.Read())
        {
            var next = (reader.GetString(0), reader.GetString(1), reader.GetBoolean(2));
            if (current is { } table && table != next)
            {
                tables.Add(new SqlTable(table.Schema, table.Name, columns, table.IsView));
                columns.Clear();
            }

            current = next;
            if (!reader.IsDBNull(3))
            {
                columns.Add(reader.GetString(3));
            }
        }

        if (current is { } last)
        {
            tables.Add(new SqlTable(last.Schema, last.Name, columns, last.IsView));
        }

        return tables;
    }

    private static List<string> ReadNames(NpgsqlDataReader reader)
    {
        var names = new List<string>();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static bool IsSame(SqlSchema known, List<SqlTable> tables, List<string> functions, List<string> types)
    {
        if (known.Tables.Count != tables.Count || !known.Functions.SetEquals(functions) || !known.Types.SetEquals(types))
        {
            return false;
        }

        for (var i = 0; i < tables.Count; i++)
        {
            var (old, now) = (known.Tables[i], tables[i]);
            if (old.Schema != now.Schema || old.Name != now.Name || old.IsView != now.IsView
                || !old.Columns.SequenceEqual(now.Columns, StringComparer.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
