namespace LangGuard.Data;

/// <summary>Values in DuckDB: lists, structs, maps, lambda functions, calls behind a dot.</summary>
internal ref partial struct SqlParser
{
    private void ReadDuckDbOperand()
    {
        var isCall = Peek(1).Kind == SqlTokenKind.Open;
        switch (Keyword)
        {
            case SqlKeyword.Null or SqlKeyword.True or SqlKeyword.False:
                Advance();
                return;
            case SqlKeyword.Case:
                ReadCase();
                return;
            case SqlKeyword.Cast when isCall:
                ReadCast();
                return;
            case SqlKeyword.Exists when isCall:
                ReadExists();
                return;
            case SqlKeyword.CurrentDate or SqlKeyword.CurrentTime or SqlKeyword.CurrentTimestamp
                or SqlKeyword.Localtime or SqlKeyword.Localtimestamp when !isCall:
                Advance();
                return;
            case SqlKeyword.Interval when isCall || Peek(1).Kind is SqlTokenKind.Text or SqlTokenKind.Number or SqlTokenKind.Parameter:
                ReadDuckDbInterval();
                return;
            case SqlKeyword.Array when isCall || Peek(1).Kind == SqlTokenKind.OpenBracket:
                ReadArray();
                return;
            case SqlKeyword.Row when isCall:
                Advance();
                ReadCallArguments();
                return;
            case SqlKeyword.Time or SqlKeyword.Timestamp or SqlKeyword.Char or SqlKeyword.Character
                or SqlKeyword.Nchar or SqlKeyword.Bit or SqlKeyword.National or SqlKeyword.Double when ReadTypedText():
                return;
            case SqlKeyword.Extract when isCall:
                ReadExtract();
                return;
            case SqlKeyword.Position when isCall:
                ReadSpecial(SqlKeyword.In, SqlKeyword.In, SqlKeyword.In);
                return;
            case SqlKeyword.Substring when isCall:
                ReadSpecial(SqlKeyword.From, SqlKeyword.For, SqlKeyword.Similar);
                return;
            case SqlKeyword.Trim when isCall:
                ReadTrim();
                return;
            case SqlKeyword.Left or SqlKeyword.Right when isCall:
                var name = _at;
                Advance();
                ReadCall(-1, name);
                return;
            case SqlKeyword.Reserved:
                ReadReservedOperand(isCall);
                return;
        }

        if (IsWord(Current, "map") && Peek(1).Kind == SqlTokenKind.OpenBrace)
        {
            Advance();
            ReadMap();
            return;
        }

        ReadDuckDbName();
    }

    private void ReadReservedOperand(bool isCall)
    {
        if (isCall && IsWord(Current, "try_cast"))
        {
            ReadCast();
        }
        else if (isCall && IsWord(Current, "columns"))
        {
            ReadColumns();
        }
        else if (IsWord(Current, "lambda"))
        {
            ReadLambda();
        }
        else
        {
            Refuse("a value, a column or a function");
        }
    }

    /// <summary>A name in dots, which is a column with what it belongs to before it and its fields behind it; or a call.</summary>
    private void ReadDuckDbName()
    {
        var first = _at;
        ReadName("a value, a column or a function");
        var parts = 1;
        while (!IsFailed && Is(SqlTokenKind.Dot))
        {
            Advance();
            ReadPart();
            parts++;
        }

        if (IsFailed)
        {
            return;
        }

        if (Is(SqlTokenKind.Open))
        {
            // a.f(b) is f(a, b), or f in the schema a: known only when it is both harmless and a column.
            if (parts > 1)
            {
                AddChain(first, parts - 1, isSatisfied: false);
            }

            ReadDuckDbCall(_at - 1);
            return;
        }

        if (parts == 1 && Is(SqlTokenKind.Text))
        {
            CheckType(first);
            Advance();
            return;
        }

        var isParameter = IsLambdaParameter(first);
        if (!isParameter && parts == 1 && _callDepth > 0 && _lists.LambdaParameters.Count < MaxLambdaParameters
            && Is(SqlTokenKind.Operator) && TextOf(Current) is "->")
        {
            _lists.LambdaParameters.Add(first);
            isParameter = true;
        }

        AddChain(first, parts, isParameter);
    }

    /// <summary>A name of a lambda function counts as a column of that name, too: which of them is meant does not matter then.</summary>
    private void AddChain(int first, int parts, bool isSatisfied)
    {
        _referenceCount++;
        _lists.Pending.Add(new SqlColumnReference
        {
            Schema = -1,
            Qualifier = -1,
            Name = first,
            Level = _level,
            Aliases = _aliasRule,
            Parts = parts,
            IsSatisfied = isSatisfied && !IsSessionValue(first),
        });
    }

    /// <summary>A name that is a fact about the session when no column has it.</summary>
    private readonly bool IsSessionValue(int token) =>
        _tokens[token].Keyword is SqlKeyword.User or SqlKeyword.CurrentUser or SqlKeyword.SessionUser or SqlKeyword.CurrentRole
            or SqlKeyword.CurrentCatalog or SqlKeyword.CurrentSchema;

    private void ReadDuckDbCall(int name)
    {
        var parameters = _lists.LambdaParameters.Count;
        _spreads |= IsWord(_tokens[name], "unnest") || IsWord(_tokens[name], "unlist") || _tokens[name].Kind == SqlTokenKind.QuotedName;
        _callDepth++;
        ReadCall(-1, name);
        _callDepth--;
        if (parameters <= _lists.LambdaParameters.Count)
        {
            _lists.LambdaParameters.RemoveRange(parameters, _lists.LambdaParameters.Count - parameters);
        }
    }

    private void ReadCallArguments()
    {
        Enter();
        Expect(SqlTokenKind.Open, "(");
        if (!Accept(SqlTokenKind.Close))
        {
            do
            {
                ReadExpression();
            }
            while (Accept(SqlTokenKind.Comma));
            Expect(SqlTokenKind.Close, ")");
        }

        Leave();
    }

    /// <summary><c>{'a': 1, b: 2}</c></summary>
    private void ReadStruct()
    {
        Enter();
        Advance();
        do
        {
            if (!Accept(SqlTokenKind.Text))
            {
                ReadPart();
            }

            Expect(SqlTokenKind.Colon, ":");
            ReadExpression();
        }
        while (Accept(SqlTokenKind.Comma) && !Is(SqlTokenKind.CloseBrace));
        Expect(SqlTokenKind.CloseBrace, "}");
        Leave();
    }

    private void ReadMap()
    {
        Enter();
        Advance();
        if (!Is(SqlTokenKind.CloseBrace))
        {
            do
            {
                ReadExpression();
                Expect(SqlTokenKind.Colon, ":");
                ReadExpression();
            }
            while (Accept(SqlTokenKind.Comma) && !Is(SqlTokenKind.CloseBrace));
        }

        Expect(SqlTokenKind.CloseBrace, "}");
        Leave();
    }

    /// <summary>Behind a value: <c>[1]</c>, <c>[1:2]</c>, a field, or a call.</summary>
    private void ReadDuckDbSuffixes()
    {
        while (!IsFailed)
        {
            if (Accept(SqlTokenKind.OpenBracket))
            {
                ReadSlice();
            }
            else if (Is(SqlTokenKind.Dot))
            {
                Advance();
                var name = ReadPart();
                if (Is(SqlTokenKind.Open))
                {
                    ReadDuckDbCall(name);
                }
            }
            else
            {
                break;
            }
        }
    }

    private void ReadSlice()
    {
        for (var bounds = 0; bounds < 3; bounds++)
        {
            if (Is(SqlTokenKind.Operator) && TextOf(Current) is "-" && Peek(1).Kind is SqlTokenKind.Colon or SqlTokenKind.CloseBracket)
            {
                Advance();
            }
            else if (Kind is not (SqlTokenKind.Colon or SqlTokenKind.CloseBracket))
            {
                ReadExpression();
            }

            if (!Accept(SqlTokenKind.Colon))
            {
                break;
            }
        }

        Expect(SqlTokenKind.CloseBracket, "]");
    }

    /// <summary><c>INTERVAL 3 DAYS</c>, <c>INTERVAL (n) DAY</c>, <c>INTERVAL '1 day'</c></summary>
    private void ReadDuckDbInterval()
    {
        Enter();
        Advance();
        if (Is(SqlTokenKind.Text))
        {
            Advance();
            if (AcceptDuckDbUnit() && Accept(SqlKeyword.To) && !AcceptDuckDbUnit())
            {
                Refuse("a unit of time");
            }
        }
        else
        {
            if (Is(SqlTokenKind.Open))
            {
                ReadParentheses();
            }
            else if (Is(SqlTokenKind.Parameter))
            {
                ReadParameter();
            }
            else
            {
                Expect(SqlTokenKind.Number, "a number");
            }

            if (!AcceptDuckDbUnit())
            {
                Refuse("a unit of time");
            }
        }

        Leave();
    }

    private bool AcceptDuckDbUnit()
    {
        if (Is(SqlTokenKind.Word) && TimeUnits.Contains(TextOf(Current)))
        {
            Advance();
            return true;
        }

        return false;
    }
}
