namespace LangGuard.Data;

/// <summary>Expressions. Precedence does not matter here: only what is named and where the parts end.</summary>
internal ref partial struct SqlParser
{
    private void ReadQualifiedName(string expected)
    {
        ReadName(expected);
        if (Accept(SqlTokenKind.Dot))
        {
            ReadName(expected);
        }
    }

    /// <summary>Subscripts and fields behind a value.</summary>
    private void ReadSubscripts()
    {
        while (!IsFailed)
        {
            if (_language.IsDuckDb)
            {
                ReadDuckDbSuffixes();
                break;
            }

            if (Accept(SqlTokenKind.OpenBracket))
            {
                ReadSubscript();
            }
            else
            {
                break;
            }
        }
    }

    private void ReadSubscript()
    {
        if (!Is(SqlTokenKind.Colon))
        {
            ReadExpression();
        }

        if (Accept(SqlTokenKind.Colon) && !Is(SqlTokenKind.CloseBracket))
        {
            ReadExpression();
        }

        Expect(SqlTokenKind.CloseBracket, "]");
    }

    private void ReadOperand()
    {
        switch (Kind)
        {
            case SqlTokenKind.Text:
                ReadText();
                break;
            case SqlTokenKind.Number:
                Advance();
                break;
            case SqlTokenKind.Parameter:
                ReadParameter();
                break;
            case SqlTokenKind.Open:
                ReadParentheses();
                break;
            case SqlTokenKind.QuotedName when _language.IsDuckDb:
                ReadDuckDbName();
                break;
            case SqlTokenKind.QuotedName:
                ReadNameOrCall();
                break;
            case SqlTokenKind.OpenBracket when _language.IsDuckDb:
                ReadDuckDbList();
                break;
            case SqlTokenKind.OpenBrace:
                ReadStruct();
                break;
            case SqlTokenKind.Star when _language.IsDuckDb && IsWord(Peek(1), "columns"):
                ReadColumns();
                break;
            case SqlTokenKind.Word:
                ReadWordOperand();
                break;
            default:
                Refuse("a value, a column or a function");
                break;
        }
    }

    private void ReadText()
    {
        var isUnicode = TextOf(Current) is ['U' or 'u', '&', ..];
        var isPlain = TextOf(Current) is ['\'', ..] || (_language.IsMySql && TextOf(Current) is ['"' or 'n' or 'N', ..]);
        Advance();
        while (isPlain && GoesOn())
        {
            Advance();
        }

        if (isUnicode && AcceptWord("uescape"))
        {
            Expect(SqlTokenKind.Text, "an escape character");
        }
    }

    /// <summary>Whether a text goes on: in PostgreSQL after a line break, as standard SQL has it, in MySQL anywhere. The parts are
    /// one text. Other kinds of text go on by other rules, and are refused.</summary>
    private readonly bool GoesOn()
    {
        if (_language.IsMySql)
        {
            return Kind == SqlTokenKind.Text && TextOf(Current) is ['\'' or '"', ..];
        }

        if (!_language.IsPostgresLike || Kind != SqlTokenKind.Text || TextOf(Current) is not ['\'', ..])
        {
            return false;
        }

        var gap = _text[_tokens[_at - 1].End..Current.Start];
        return gap.IndexOfAny('\n', '\r') >= 0 && gap.Trim(" \t\n\r\f").IsEmpty;
    }

    private void ReadParameter()
    {
        var text = TextOf(Current);
        _lists.Parameters.Add(new SqlParameterUse(new string(text[1..]), text[0], Current.Start, text.Length));
        Advance();
    }

    /// <summary>A query, a value, or a row of values in parentheses.</summary>
    private void ReadParentheses()
    {
        Enter();
        if (_language.IsDuckDb && StartsArrow())
        {
            ReadArrowParameters();
        }
        else if (StartsQuery(1))
        {
            ReadSubquery();
        }
        else if (_language.IsPostgres
            && (Peek(1).Kind == SqlTokenKind.Word || Peek(1).Kind == SqlTokenKind.QuotedName)
            && IsName(Peek(1)) && Peek(2).Kind == SqlTokenKind.Close && Peek(3).Kind == SqlTokenKind.Dot)
        {
            ReadFieldOfRow();
        }
        else
        {
            var call = _at + 1;
            Advance();
            ReadList();
            Expect(SqlTokenKind.Close, ")");
            if (_language.IsPostgres && Is(SqlTokenKind.Dot))
            {
                ReadFieldOfCall(call);
            }
        }

        Leave();
    }

    private void ReadSubquery()
    {
        var outputs = _lists.Outputs.Count;
        Expect(SqlTokenKind.Open, "(");
        ReadQuery();
        Expect(SqlTokenKind.Close, ")");
        _lists.Outputs.RemoveRange(outputs, _lists.Outputs.Count - outputs);
        if (_language.IsPostgres && Is(SqlTokenKind.Dot))
        {
            Refuse("an operator", "A field of a query's row is not understood.");
        }
    }

    private void ReadListOrQuery()
    {
        Enter();
        if (Is(SqlTokenKind.Open) && StartsQuery(1))
        {
            ReadSubqueryOrList();
        }
        else
        {
            Expect(SqlTokenKind.Open, "(");
            if (!(_language.IsSqlite && Is(SqlTokenKind.Close)))
            {
                ReadList();
            }

            Expect(SqlTokenKind.Close, ")");
        }

        Leave();
    }

    /// <summary><c>((SELECT 1), 2)</c> is a list whose first value is a query.</summary>
    private void ReadSubqueryOrList()
    {
        if (Peek(1).Kind != SqlTokenKind.Open || StartsNestedQuery())
        {
            ReadSubquery();
            return;
        }

        Advance();
        ReadList();
        Expect(SqlTokenKind.Close, ")");
    }

    private void ReadList()
    {
        do
        {
            if (_allowDefault && Accept(SqlKeyword.Default))
            {
                continue;
            }

            if (_language.IsPostgres && QualifiedStarLength() == 3)
            {
                ReadQualifiedStar();
                continue;
            }

            ReadExpression();
        }
        while (Accept(SqlTokenKind.Comma));
    }

    private void ReadQualifiedStar()
    {
        AddReference(-1, _at, _at + 2, isWholeRow: true);
        _hasStar = true;
        _at += 3;
        while (Accept(SqlTokenKind.Cast))
        {
            ReadType();
        }
    }

    private void ReadCase()
    {
        Enter();
        Advance();
        if (!Is(SqlKeyword.When))
        {
            ReadExpression();
        }

        Expect(SqlKeyword.When, "WHEN");
        do
        {
            ReadExpression();
            Expect(SqlKeyword.Then, "THEN");
            ReadExpression();
        }
        while (Accept(SqlKeyword.When));
        if (Accept(SqlKeyword.Else))
        {
            ReadExpression();
        }

        Expect(SqlKeyword.End, "END");
        Leave();
    }

    private void ReadArray()
    {
        Enter();
        Advance();
        if (Is(SqlTokenKind.Open))
        {
            ReadSubquery();
        }
        else
        {
            ReadArrayItems();
        }

        Leave();
    }

    private void ReadArrayItems()
    {
        Enter();
        Expect(SqlTokenKind.OpenBracket, "[");
        if (!Is(SqlTokenKind.CloseBracket))
        {
            do
            {
                if (Is(SqlTokenKind.OpenBracket))
                {
                    ReadArrayItems();
                }
                else
                {
                    ReadExpression();
                }
            }
            while (Accept(SqlTokenKind.Comma));
        }

        Expect(SqlTokenKind.CloseBracket, "]");
        Leave();
    }

    private void ReadNameOrCall()
    {
        // a, t.a, s.t.a; f(...), s.f(...)
        var first = _at;
        ReadName("a value, a column or a function");
        if (Is(SqlTokenKind.Open))
        {
            ReadCall(-1, first);
            return;
        }

        if (!Is(SqlTokenKind.Dot))
        {
            if (_language.IsPostgres && Is(SqlTokenKind.Text))
            {
                // A name before a text is a type: date '2024-01-01'.
                CheckType(first);
                Advance();
                return;
            }

            if (!IsFailed)
            {
                AddReference(-1, -1, first);
            }

            return;
        }

        Advance();
        var second = ReadPart();
        if (Is(SqlTokenKind.Open))
        {
            ReadCall(first, second);
        }
        else if (Is(SqlTokenKind.Dot))
        {
            Advance();
            var third = ReadPart();
            if (!IsFailed)
            {
                AddReference(first, second, third);
            }
        }
        else if (!IsFailed)
        {
            AddReference(-1, first, second);
        }
    }

    /// <summary>A name behind a dot: there every word is one.</summary>
    private int ReadPart()
    {
        var at = _at;
        if (Is(SqlTokenKind.Word) || Is(SqlTokenKind.QuotedName))
        {
            Advance();
        }
        else
        {
            Refuse("a name");
        }

        return at;
    }
}
