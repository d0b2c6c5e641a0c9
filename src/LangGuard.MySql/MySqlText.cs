using System.Globalization;
using System.Text;
using LangGuard.Data;
using MySqlConnector;

namespace LangGuard.MySql;

/// <summary>The texts that go to the server around and for a statement.</summary>
/// <remarks>A statement travels as a value in hexadecimal digits and is prepared by the server, which takes one statement
/// alone: neither the driver's parser nor the multiple statements of the protocol ever see it.</remarks>
internal static class MySqlText
{
    /// <summary>How the inspector reads quotes, backslashes and operators.</summary>
    private const string Mode = "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

    /// <summary>What the inspector takes for granted, and the limits of the server, for the session.</summary>
    internal static string Settings(TimeSpan timeout, bool isMariaDb, long rows)
    {
        var limit = (long)Math.Ceiling(timeout.TotalMilliseconds);
        var locks = Math.Clamp(limit / 1_000, 1, 2);
        return string.Create(CultureInfo.InvariantCulture, $"""
            SET SESSION sql_mode = '{Mode}', {(isMariaDb
                ? $"max_statement_time = {Math.Max(limit, 1) / 1_000m}"
                : $"max_execution_time = {Math.Max(limit, 1)}")}, lock_wait_timeout = {locks}, innodb_lock_wait_timeout = {locks}, sql_select_limit = {(rows > 0 ? rows : "DEFAULT")}, sql_big_selects = 1;
            """);
    }

    internal static string Access(bool readOnly) => $"SET SESSION TRANSACTION {(readOnly ? "READ ONLY" : "READ WRITE")};";

    /// <summary>Adds the server's proof that a text is one query: it stands alone, and as a part of another query.</summary>
    internal static void Prove(StringBuilder text, string sql)
    {
        Prepare(text, sql);
        Prepare(text, $"SELECT 1 FROM DUAL WHERE EXISTS (\n{sql}\n)", "langguard_proof");
    }

    internal static void Prepare(StringBuilder text, string sql, string name = "langguard") =>
        text.Append("SET @langguard_text = _utf8mb4 X'").Append(Convert.ToHexString(Encoding.UTF8.GetBytes(sql)))
            .Append("'; PREPARE ").Append(name).Append(" FROM @langguard_text;");

    /// <summary>The statement alone, with its parameters as marks of the server, and the values in the order of the marks.</summary>
    internal static string Marked(EngineStatement statement, List<object?> values)
    {
        if (statement.Facts is not { } facts || facts.IsUninspected)
        {
            return statement.Text;
        }

        var text = new StringBuilder(statement.Text.Length);
        var copied = 0;
        var unnamed = 0;
        foreach (var mark in facts.Parameters)
        {
            values.Add(ValueOf(statement.Parameters, mark, ref unnamed));
            text.Append(statement.Text, copied, mark.Position - copied).Append('?');
            copied = mark.Position + mark.Length;
        }

        return text.Append(statement.Text, copied, facts.End - copied).ToString();
    }

    /// <summary>Adds the values, and the run of the prepared statement.</summary>
    internal static void Execute(StringBuilder text, MySqlCommand command, List<object?> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"SET @langguard_{i} = @langguard_value_{i};");
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"@langguard_value_{i}"), Plain(values[i]));
        }

        text.Append("EXECUTE langguard");
        for (var i = 0; i < values.Count; i++)
        {
            text.Append(i == 0 ? " USING " : ", ").Append(CultureInfo.InvariantCulture, $"@langguard_{i}");
        }

        text.Append(';');
    }

    internal static string Quote(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    private static object? ValueOf(IReadOnlyList<KeyValuePair<string, object?>> parameters, SqlParameterUse mark, ref int unnamed)
    {
        if (mark.Sign == '?')
        {
            return unnamed < parameters.Count
                ? parameters[unnamed++].Value
                : throw new InvalidOperationException("The statement has more parameters than values.");
        }

        foreach (var parameter in parameters)
        {
            if (parameter.Key.AsSpan().TrimStart("@?").Equals(mark.Name, StringComparison.OrdinalIgnoreCase))
            {
                return parameter.Value;
            }
        }

        throw new InvalidOperationException($"The statement has no value for its parameter {mark.Sign}{mark.Name}.");
    }

    private static object Plain(object? value) => value switch
    {
        null => DBNull.Value,
        DbTypedValue typed => Plain(typed.Value),
        Enum named => Convert.ToInt64(named, CultureInfo.InvariantCulture),
        char letter => letter.ToString(),
        DateTimeOffset time => time.UtcDateTime,
        Guid id => id.ToString("D"),
        _ => value,
    };
}
