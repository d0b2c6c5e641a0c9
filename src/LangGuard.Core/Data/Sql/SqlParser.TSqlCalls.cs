using System.Collections.Frozen;

namespace LangGuard.Data;

/// <summary>Calls whose arguments are more than values, in SQL Server.</summary>
internal ref partial struct SqlParser
{
    /// <summary>What the first argument of the functions of dates may be. It is never a column.</summary>
    private static readonly FrozenSet<string> DateParts =
        ("year yy yyyy quarter qq q month mm m dayofyear dy y day dd d week wk ww weekday dw w hour hh minute mi n second ss s "
        + "millisecond ms microsecond mcs nanosecond ns tzoffset tz iso_week isowk isoww")
        .Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> DateFunctions =
        "datepart dateadd datediff datediff_big datename datetrunc date_bucket"
        .Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private void ReadDateCall()
    {
        Enter();
        AddFunction(-1, _at);
        Advance();
        Advance();
        if (!IsOneOf(DateParts))
        {
            Refuse("a unit of time");
        }

        Advance();
        while (Accept(SqlTokenKind.Comma))
        {
            ReadExpression();
        }

        Expect(SqlTokenKind.Close, ")");
        Leave();
    }

    /// <summary><c>CONVERT(type, value, style)</c></summary>
    private void ReadTSqlConversion()
    {
        Enter();
        Advance();
        Advance();
        ReadTSqlType();
        Expect(SqlTokenKind.Comma, "a comma");
        ReadExpression();
        if (Accept(SqlTokenKind.Comma))
        {
            ReadExpression();
        }

        Expect(SqlTokenKind.Close, ")");
        Leave();
    }

    /// <summary><c>PARSE(value AS type USING culture)</c></summary>
    private void ReadParse()
    {
        Enter();
        Advance();
        Advance();
        ReadExpression();
        Expect(SqlKeyword.As, "AS");
        ReadTSqlType();
        if (Accept(SqlKeyword.Using))
        {
            ReadExpression();
        }

        Expect(SqlTokenKind.Close, ")");
        Leave();
    }

    /// <summary><c>JSON_OBJECT('key': value NULL ON NULL)</c>, <c>JSON_ARRAY(value, value ABSENT ON NULL)</c></summary>
    private void ReadJsonConstructor(bool hasKeys)
    {
        Enter();
        AddFunction(-1, _at);
        Advance();
        Advance();
        if (!Is(SqlTokenKind.Close) && !IsNullRule())
        {
            do
            {
                ReadExpression();
                if (hasKeys)
                {
                    Expect(SqlTokenKind.Colon, ":");
                    ReadExpression();
                }
            }
            while (Accept(SqlTokenKind.Comma));
        }

        if (Accept(SqlKeyword.Order))
        {
            Expect(SqlKeyword.By, "BY");
            ReadSortList();
        }

        if (IsNullRule())
        {
            Advance();
            Advance();
            Expect(SqlKeyword.Null, "NULL");
        }

        Expect(SqlTokenKind.Close, ")");
        ReadCallSuffixes();
        Leave();
    }

    private readonly bool IsNullRule() => (Is(SqlKeyword.Null) || IsWord(Current, "absent")) && Peek(1).Keyword == SqlKeyword.On;

    /// <summary><c>CONTAINS(column, 'words')</c>. A star would be every column with an index of words.</summary>
    private void ReadFullText()
    {
        Enter();
        Advance();
        Advance();
        if (Accept(SqlTokenKind.Open))
        {
            ReadList();
            Expect(SqlTokenKind.Close, ")");
        }
        else
        {
            ReadExpression();
        }

        Expect(SqlTokenKind.Comma, "a comma");
        ReadExpression();
        if (Accept(SqlTokenKind.Comma))
        {
            if (!AcceptWord("language"))
            {
                Refuse("LANGUAGE");
            }

            ReadExpression();
        }

        Expect(SqlTokenKind.Close, ")");
        Leave();
    }
}
