using System.Globalization;
using System.Text;
using LangGuard.Data;
using Npgsql;
using NpgsqlTypes;

namespace LangGuard.PostgreSql;

/// <summary>The texts that go to the server around and for a statement.</summary>
internal static class PostgreSqlText
{
    internal const string ChangedRowsColumn = "langguard_changed_rows";

    /// <summary>Rows changed so far in this transaction by table, those of WITH, triggers and cascades included. A partition
    /// counts as the table that it is a part of.</summary>
    internal const string ChangedRows = $"""
        SELECT n.nspname::text AS {ChangedRowsColumn}, c.relname::text, sum(x.i)::bigint, sum(x.u)::bigint, sum(x.d)::bigint
        FROM (SELECT oid, relispartition, pg_catalog.pg_stat_get_xact_tuples_inserted(oid) AS i,
            pg_catalog.pg_stat_get_xact_tuples_updated(oid) AS u, pg_catalog.pg_stat_get_xact_tuples_deleted(oid) AS d
            FROM pg_catalog.pg_class WHERE oid >= 16384 AND relkind = 'r') AS x
        JOIN pg_catalog.pg_class AS c
            ON c.oid = CASE WHEN x.relispartition THEN pg_catalog.pg_partition_root(x.oid) ELSE x.oid END
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE x.i + x.u + x.d > 0 GROUP BY 1, 2
        """;

    /// <summary>What the inspector takes for granted, and the limits of the server, for this transaction only or for the
    /// connection.</summary>
    internal static string Settings(TimeSpan timeout, bool seal, bool isLocal = true, string? rows = null)
    {
        var limit = (long)Math.Ceiling(timeout.TotalMilliseconds);
        var local = isLocal ? "true" : "false";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SELECT pg_catalog.set_config('statement_timeout','{limit}',{local}),
            pg_catalog.set_config('lock_timeout','{Math.Min(limit, 2_000)}',{local}),
            pg_catalog.set_config('idle_in_transaction_session_timeout','{limit + 60_000}',{local}),
            pg_catalog.set_config('search_path','pg_catalog,public',{local}),
            pg_catalog.set_config('standard_conforming_strings','on',{local}),
            pg_catalog.set_config('row_security','on',{local}){(seal ? ",pg_catalog.set_config('transaction_read_only','on',true)" : "")}{(rows is null ? "" : $",pg_catalog.set_config('{PostgreSqlRowSecurity.Setting}','{rows}',true)")}
            """);
    }

    /// <summary>The values of row filters alone, for this transaction only.</summary>
    internal static string RowSetting(string rows) =>
        $"SELECT pg_catalog.set_config('{PostgreSqlRowSecurity.Setting}','{rows}',true)";

    /// <summary>The same for a whole session, on a connection of another's.</summary>
    internal static string SessionSettings(TimeSpan timeout, bool readOnly, string? rows)
    {
        var limit = (long)Math.Ceiling(timeout.TotalMilliseconds);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SELECT pg_catalog.set_config('statement_timeout','{limit}',false),
            pg_catalog.set_config('lock_timeout','{Math.Min(limit, 2_000)}',false),
            pg_catalog.set_config('search_path','pg_catalog,public',false),
            pg_catalog.set_config('standard_conforming_strings','on',false),
            pg_catalog.set_config('row_security','on',false),
            pg_catalog.set_config('default_transaction_read_only','{(readOnly ? "on" : "off")}',false),
            pg_catalog.set_config('{PostgreSqlRowSecurity.Setting}','{rows}',false)
            """);
    }

    /// <summary>The text of a statement as one message, which the server refuses if it holds two, with its parameters in
    /// the server's own form.</summary>
    internal static NpgsqlBatchCommand Command(string before, EngineStatement statement)
    {
        var command = new NpgsqlBatchCommand();
        if (statement.Facts is not { Parameters: { Count: > 0 } marks })
        {
            command.CommandText = before + statement.Text;
            foreach (var parameter in statement.Parameters)
            {
                command.Parameters.Add(Parameter(parameter));
            }

            return command;
        }

        var text = new StringBuilder(before, before.Length + statement.Text.Length);
        var numbers = new Dictionary<int, int>();
        var copied = 0;
        foreach (var mark in marks)
        {
            var index = IndexOf(statement.Parameters, mark);
            if (!numbers.TryGetValue(index, out var number))
            {
                numbers.Add(index, number = numbers.Count + 1);
                command.Parameters.Add(Parameter(statement.Parameters[index]));
            }

            text.Append(statement.Text, copied, mark.Position - copied)
                .Append('$').Append(CultureInfo.InvariantCulture, $"{number}");
            copied = mark.Position + mark.Length;
        }

        command.CommandText = text.Append(statement.Text, copied, statement.Text.Length - copied).ToString();
        return command;
    }

    /// <summary>A text that prepares a statement without running it. The server admits only a query or a change of rows.</summary>
    internal static NpgsqlBatchCommand Prepare(string name, EngineStatement statement)
    {
        var command = Command(string.Empty, statement);
        var types = string.Join(',', command.Parameters.Select(TypeOf));
        return new NpgsqlBatchCommand(
            $"PREPARE {name}{(types.Length == 0 ? "" : $"({types})")} AS {command.CommandText}");
    }

    /// <summary>The server's name of a parameter's type: one that the driver chose, never the caller's text.</summary>
    private static string TypeOf(NpgsqlParameter parameter) =>
        parameter.NpgsqlDbType == NpgsqlDbType.Unknown ? "unknown" : parameter.DataTypeName ?? "unknown";

    private static int IndexOf(IReadOnlyList<KeyValuePair<string, object?>> parameters, SqlParameterUse mark)
    {
        if (mark.Sign == '$')
        {
            return int.TryParse(mark.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= 1 && number <= parameters.Count
                ? number - 1
                : throw new InvalidOperationException($"The statement has no value for its parameter ${mark.Name}.");
        }

        for (var i = 0; i < parameters.Count; i++)
        {
            var name = parameters[i].Key.AsSpan().TrimStart("@:$");
            if (name.Equals(mark.Name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        throw new InvalidOperationException($"The statement has no value for its parameter {mark.Sign}{mark.Name}.");
    }

    /// <summary>The value in a type that the driver knows; the server converts it. The principal's values are texts of no type
    /// yet: the column that they are compared with gives them one.</summary>
    private static NpgsqlParameter Parameter(in KeyValuePair<string, object?> parameter) => parameter.Key.StartsWith(
            $"@{SqlRewriter.Prefix}", StringComparison.Ordinal)
        ? new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Unknown, Value = parameter.Value }
        : parameter.Value is DbTypedValue { Type: not (int)NpgsqlDbType.Unknown } typed
            ? new NpgsqlParameter { NpgsqlDbType = (NpgsqlDbType)typed.Type, Value = Plain(typed.Value) }
            : new NpgsqlParameter { Value = Plain((parameter.Value as DbTypedValue)?.Value ?? parameter.Value) };

    private static object Plain(object? value) => value switch
    {
        null => DBNull.Value,
        Enum named => Convert.ToInt64(named, CultureInfo.InvariantCulture),
        sbyte number => (short)number,
        byte number => (short)number,
        ushort number => (int)number,
        uint number => (long)number,
        ulong number => (decimal)number,
        char letter => letter.ToString(),
        DateTimeOffset time => time.ToUniversalTime(),
        _ => value,
    };
}
