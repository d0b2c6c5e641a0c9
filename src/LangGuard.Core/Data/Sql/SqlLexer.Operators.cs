namespace LangGuard.Data;

/// <summary>Operators, which each engine cuts in its own way.</summary>
internal ref partial struct SqlLexer
{
    private void ReadOperator()
    {
        var allowed = _language.IsSqlite ? "+-*/<>=!~%&|"
            : _language.IsMySql ? "+-*/<>=!~%&|^" : "+-*/<>=!~%&|@#^?`";
        var length = 0;
        while (allowed.Contains(Peek(length), StringComparison.Ordinal) && Peek(length) != '\0')
        {
            // A comment begins inside a run of operator characters, too.
            if ((Peek(length) == '-' && Peek(length + 1) == '-') || (Peek(length) == '/' && Peek(length + 1) == '*'))
            {
                break;
            }

            length++;
        }

        if (length == 0)
        {
            Refuse(_at, "a name, a value or an operator", "The text holds a character that has no meaning here.");
            return;
        }

        length = _language.IsSqlite ? SqliteOperator(length)
            : _language.IsMySql ? MySqlOperator(length) : PostgresOperator(length);
        var token = _text.Slice(_at, length);
        Add(
            token switch
            {
                "*" => SqlTokenKind.Star,
                "=" => SqlTokenKind.Equal,
                "=>" when _language.IsPostgres => SqlTokenKind.Arrow,
                _ => SqlTokenKind.Operator,
            },
            length);
    }

    /// <summary>SQLite knows a fixed set of operators.</summary>
    private readonly int SqliteOperator(int run)
    {
        var text = _text.Slice(_at, run);
        if (text.StartsWith("->>", StringComparison.Ordinal))
        {
            return 3;
        }

        return run > 1 && text[..2] is "||" or "->" or "<<" or ">>" or "<=" or ">=" or "==" or "!=" or "<>" ? 2 : 1;
    }

    private readonly int MySqlOperator(int run)
    {
        var text = _text.Slice(_at, run);
        if (text.StartsWith("<=>", StringComparison.Ordinal) || text.StartsWith("->>", StringComparison.Ordinal))
        {
            return 3;
        }

        return run > 1 && text[..2] is "||" or "&&" or "->" or "<<" or ">>" or "<=" or ">=" or "!=" or "<>" ? 2 : 1;
    }

    /// <summary>In PostgreSQL the run is the operator, but plus and minus at its end belong to the operand.</summary>
    private readonly int PostgresOperator(int run)
    {
        var text = _text.Slice(_at, run);
        if (run > 1 && text[^1] is '+' or '-' && !text.ContainsAny(KeepsSign))
        {
            while (run > 1 && _text[_at + run - 1] is '+' or '-')
            {
                run--;
            }
        }

        return run;
    }
}
