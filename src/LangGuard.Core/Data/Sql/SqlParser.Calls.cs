namespace LangGuard.Data;

/// <summary>Values that begin with a keyword, function calls and windows.</summary>
internal ref partial struct SqlParser
{
    private void ReadWordOperand()
    {
        if (_language.IsTSql)
        {
            ReadTSqlOperand();
            return;
        }

        if (_language.IsDuckDb)
        {
            ReadDuckDbOperand();
            return;
        }

        switch (Keyword)
        {
            case SqlKeyword.None when !_language.IsMySql:
                ReadNameOrCall();
                return;
            case SqlKeyword.Null or SqlKeyword.True or SqlKeyword.False:
                Advance();
                return;
            case SqlKeyword.Case:
                ReadCase();
                return;
            case SqlKeyword.Cast:
                ReadCast();
                return;
            case SqlKeyword.Exists:
                ReadExists();
                return;
            case SqlKeyword.CurrentDate or SqlKeyword.CurrentTime or SqlKeyword.CurrentTimestamp
                or SqlKeyword.Localtime or SqlKeyword.Localtimestamp:
                ReadCurrent();
                return;
            case SqlKeyword.Raise when Peek(1).Kind == SqlTokenKind.Open:
                Refuse("a value", "RAISE is for triggers.");
                return;
        }

        if ((_language.IsPostgres && ReadPostgresOperand()) || (_language.IsMySql && ReadMySqlOperand()))
        {
            return;
        }

        if (Peek(1).Kind == SqlTokenKind.Open && IsFunctionKeyword(Keyword))
        {
            var name = _at;
            Advance();
            ReadCall(-1, name);
            return;
        }

        ReadNameOrCall();
    }

    /// <returns>Whether the word begins a construct of PostgreSQL's own.</returns>
    private bool ReadPostgresOperand()
    {
        var isCall = Peek(1).Kind == SqlTokenKind.Open;
        switch (Keyword)
        {
            case SqlKeyword.CurrentUser or SqlKeyword.SessionUser or SqlKeyword.User or SqlKeyword.CurrentRole
                or SqlKeyword.CurrentCatalog or SqlKeyword.CurrentSchema:
                AddFunction(-1, _at);
                Advance();
                if (isCall)
                {
                    Advance();
                    Expect(SqlTokenKind.Close, ")");
                }

                return true;
            case SqlKeyword.Array when isCall || Peek(1).Kind == SqlTokenKind.OpenBracket:
                ReadArray();
                return true;
            case SqlKeyword.Row when isCall:
                Advance();
                ReadRow();
                return true;
            case SqlKeyword.Interval or SqlKeyword.Time or SqlKeyword.Timestamp or SqlKeyword.Char
                or SqlKeyword.Character or SqlKeyword.Nchar or SqlKeyword.Bit or SqlKeyword.National or SqlKeyword.Double:
                return ReadTypedText();
            case SqlKeyword.Extract when isCall:
                ReadExtract();
                return true;
            case SqlKeyword.Position when isCall:
                ReadSpecial(SqlKeyword.In, SqlKeyword.In, SqlKeyword.In);
                return true;
            case SqlKeyword.Substring when isCall:
                ReadSpecial(SqlKeyword.From, SqlKeyword.For, SqlKeyword.Similar);
                return true;
            case SqlKeyword.Overlay when isCall:
                ReadSpecial(SqlKeyword.Placing, SqlKeyword.From, SqlKeyword.For);
                return true;
            case SqlKeyword.Trim when isCall:
                ReadTrim();
                return true;
            case SqlKeyword.Xmlelement or SqlKeyword.Xmlforest or SqlKeyword.Xmlparse or SqlKeyword.Xmlpi or SqlKeyword.Xmlroot
                or SqlKeyword.Xmlserialize or SqlKeyword.Xmlexists or SqlKeyword.Xmlconcat when isCall:
                ReadXml();
                return true;
            case SqlKeyword.Collation or SqlKeyword.Treat or SqlKeyword.Xmltable when isCall:
                Refuse("a value, a column or a function", "This construct is not understood.");
                return true;
            default:
                return false;
        }
    }

    /// <summary>Keywords that are also names of functions.</summary>
    private readonly bool IsFunctionKeyword(SqlKeyword keyword) => keyword switch
    {
        SqlKeyword.Left or SqlKeyword.Right => !_language.IsSqlite,
        SqlKeyword.Insert => _language.IsMySql,
        SqlKeyword.Glob or SqlKeyword.Like or SqlKeyword.Regexp or SqlKeyword.Match => _language.IsSqlite,
        SqlKeyword.Reserved => true,
        SqlKeyword.Replace or SqlKeyword.If => true,
        _ => false,
    };

    private void ReadCast()
    {
        Enter();
        Advance();
        Expect(SqlTokenKind.Open, "(");
        ReadExpression();
        Expect(SqlKeyword.As, "AS");
        ReadType();
        Expect(SqlTokenKind.Close, ")");
        Leave();
    }

    private void ReadCurrent()
    {
        Advance();
        if (!_language.IsSqlite && Is(SqlTokenKind.Open))
        {
            Advance();
            if (!(_language.IsMySql && Is(SqlTokenKind.Close)))
            {
                Expect(SqlTokenKind.Number, "a number");
            }

            Expect(SqlTokenKind.Close, ")");
        }
    }

    private void ReadRow()
    {
        Expect(SqlTokenKind.Open, "(");
        if (!Is(SqlTokenKind.Close))
        {
            ReadList();
        }

        Expect(SqlTokenKind.Close, ")");
        if (Is(SqlTokenKind.Dot))
        {
            Refuse("an operator", "A field of this value is not known.");
        }
    }

    /// <summary>interval '1 day', timestamp with time zone '...'; otherwise the word is a column or a function.</summary>
    private bool ReadTypedText()
    {
        var next = Peek(1);
        var isType = next.Kind == SqlTokenKind.Text
            || (Keyword is SqlKeyword.Time or SqlKeyword.Timestamp && next.Keyword is SqlKeyword.With or SqlKeyword.Without)
            || (Keyword == SqlKeyword.Double && next.Keyword == SqlKeyword.Precision)
            || (next.Kind == SqlTokenKind.Open && Peek(2).Kind == SqlTokenKind.Number
                && Peek(3).Kind == SqlTokenKind.Close
                && (Peek(4).Kind == SqlTokenKind.Text || Peek(4).Keyword is SqlKeyword.With or SqlKeyword.Without));
        if (!isType)
        {
            return false;
        }

        var first = Current;
        var from = _at;
        Advance();
        ReadTypeSize();
        if (_language.IsPostgres)
        {
            MeasurePadding(from);
        }

        if (first.Keyword != SqlKeyword.Interval)
        {
            ReadTypeWords(first);
        }

        Expect(SqlTokenKind.Text, "a text");
        if (first.Keyword == SqlKeyword.Interval)
        {
            ReadIntervalFields();
        }

        return true;
    }

    private void ReadExtract()
    {
        Enter();
        Advance();
        Advance();
        if (Is(SqlTokenKind.Word) || Is(SqlTokenKind.Text))
        {
            Advance();
        }
        else
        {
            Refuse("a unit of time");
        }

        Expect(SqlKeyword.From, "FROM");
        ReadExpression();
        Expect(SqlTokenKind.Close, ")");
        Leave();
    }

    /// <summary>A call whose arguments stand between words, or between commas.</summary>
    private void ReadSpecial(SqlKeyword first, SqlKeyword second, SqlKeyword third)
    {
        Enter();
        AddFunction(-1, _at);
        Advance();
        Expect(SqlTokenKind.Open, "(");
        if (first == SqlKeyword.In)
        {
            // IN is not an operator here.
            ReadUnary();
            while (!IsFailed && Kind is SqlTokenKind.Operator or SqlTokenKind.Cast or SqlTokenKind.Star)
            {
                ReadOperator(stopAtAnd: true);
            }
        }
        else
        {
            ReadExpression();
        }

        while (!IsFailed && (Is(first) || Is(second) || Is(third) || Is(SqlTokenKind.Comma)))
        {
            Advance();
            ReadExpression();
            if (Accept(SqlKeyword.Escape))
            {
                ReadExpression();
            }
        }

        Expect(SqlTokenKind.Close, ")");
        Leave();
    }

    private void ReadTrim()
    {
        Enter();
        AddFunction(-1, _at);
        Advance();
        Expect(SqlTokenKind.Open, "(");
        if (!Accept(SqlKeyword.Both) && !Accept(SqlKeyword.Leading))
        {
            Accept(SqlKeyword.Trailing);
        }

        if (!Is(SqlKeyword.From))
        {
            ReadExpression();
        }

        if (Accept(SqlKeyword.From))
        {
            ReadExpression();
        }

        while (Accept(SqlTokenKind.Comma))
        {
            ReadExpression();
        }

        Expect(SqlTokenKind.Close, ")");
        Leave();
    }

    private void AddFunction(int schemaToken, int nameToken)
    {
        Span<char> buffer = stackalloc char[SqlLanguage.MaxNameLength];
        var name = buffer[..CopyName(nameToken, buffer)];
        var schema = schemaToken < 0 ? null : NameOf(schemaToken);
        foreach (var known in _lists.Functions)
        {
            if (name.SequenceEqual(known.Name) && schema == known.Schema)
            {
                return;
            }
        }

        var isBuiltIn = _language.IsBuiltIn(name)
            && (schema is null
                ? !_schema.Functions.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name)
                : _language.IsPostgres && schema == "pg_catalog");
        _lists.Functions.Add(new SqlFunctionUse(schema, new string(name), isBuiltIn));
    }

    private void ReadCall(int schema, int name)
    {
        if (IsFailed)
        {
            return;
        }

        Enter();
        AddFunction(schema, name);
        Expect(SqlTokenKind.Open, "(");
        if (!Accept(SqlTokenKind.Close))
        {
            ReadArguments(name);
        }

        ReadCallSuffixes();
        Leave();
    }

    private void ReadExists()
    {
        Advance();
        if (!StartsQuery(0) || !Is(SqlTokenKind.Open))
        {
            Refuse("a query in parentheses");
        }

        ReadSubquery();
    }
}
