using System.Buffers;

namespace LangGuard.Data;

/// <summary>Reads one SQL statement and says what it does. Whatever it does not understand completely it refuses.</summary>
internal static class SqlInspector
{
    /// <summary>The longest text.</summary>
    internal const int MaxLength = 64 * 1024;

    private static readonly SqlInspection TooLong = new(
        new SqlRefusal(MaxLength, "a shorter statement", "The statement is too long."));

    /// <summary>Reads a text, or finds it among those read before.</summary>
    /// <param name="sql">The text as it will be sent to the engine.</param>
    /// <param name="dialect">The language of the engine.</param>
    /// <param name="schema">What the database holds.</param>
    internal static SqlInspection Inspect(string sql, SqlDialect dialect, SqlSchema schema)
    {
        ArgumentNullException.ThrowIfNull(sql);
        ArgumentNullException.ThrowIfNull(schema);
        return SqlFactsCache.Shared.GetOrAdd(sql, dialect, schema);
    }

    /// <summary>An operator is a call by another name.</summary>
    private static SqlRefusal? OwnOperator(ReadOnlySpan<char> sql, ReadOnlySpan<SqlToken> tokens, SqlSchema schema)
    {
        if (schema.Operators.Count == 0)
        {
            return null;
        }

        var operators = schema.Operators.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (ref readonly var token in tokens)
        {
            if (operators.Contains(sql[token.Start..token.End]))
            {
                return new SqlRefusal(token.Start, "a built-in operator", "This operator runs code of the database's own.");
            }
        }

        return null;
    }

    /// <summary>Reads a text without remembering it.</summary>
    internal static SqlInspection Inspect(ReadOnlySpan<char> sql, SqlDialect dialect, SqlSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (sql.Length > MaxLength)
        {
            return TooLong;
        }

        var language = SqlLanguage.For(dialect);
        var most = Math.Min(sql.Length, SqlLexer.MaxTokens) + 1;
        var tokens = ArrayPool<SqlToken>.Shared.Rent(most);
        try
        {
            var lexer = new SqlLexer(sql, language, tokens.AsSpan(0, most));
            var count = lexer.Read();
            return (lexer.Refusal ?? OwnOperator(sql, tokens.AsSpan(0, count), schema)) is { } refusal
                ? new SqlInspection(refusal)
                : SqlParser.Parse(sql, tokens.AsSpan(0, count), language, schema);
        }
        finally
        {
            ArrayPool<SqlToken>.Shared.Return(tokens);
        }
    }
}
