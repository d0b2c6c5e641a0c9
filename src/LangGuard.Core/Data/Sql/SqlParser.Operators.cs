namespace LangGuard.Data;

/// <summary>What stands between operands, and before them.</summary>
internal ref partial struct SqlParser
{
    private void ReadOperators(bool stopAtAnd)
    {
        Enter();
        ReadUnary();
        while (!IsFailed && ReadOperator(stopAtAnd))
        {
        }

        Leave();
    }

    /// <summary>Reads one operator with its right side.</summary>
    /// <returns>Whether there was one.</returns>
    private bool ReadOperator(bool stopAtAnd)
    {
        switch (Kind)
        {
            case SqlTokenKind.Operator when _language.IsTSql && TextOf(Current) is [not ('<' or '>' or '!'), '=']:
                Refuse("an operator", "A value can not be assigned to here.");
                return false;
            case SqlTokenKind.Operator or SqlTokenKind.Star or SqlTokenKind.Equal:
                Advance();
                ReadRightSide();
                return true;
            case SqlTokenKind.Cast:
                Advance();
                ReadType();
                ReadSubscripts();
                return true;
            case SqlTokenKind.Word:
                return ReadKeywordOperator(stopAtAnd);
            default:
                return false;
        }
    }

    /// <summary>The right side of a comparison, which may be ANY, SOME or ALL of something.</summary>
    private void ReadRightSide()
    {
        if (!_language.IsSqlite
            && Keyword is SqlKeyword.Any or SqlKeyword.Some or SqlKeyword.All
            && Peek(1).Kind == SqlTokenKind.Open)
        {
            Advance();
            ReadListOrQuery();
            return;
        }

        ReadUnary();
    }

    private bool ReadKeywordOperator(bool stopAtAnd)
    {
        switch (Keyword)
        {
            case SqlKeyword.And when stopAtAnd:
                return false;
            case SqlKeyword.And or SqlKeyword.Or:
                Advance();
                ReadUnary();
                return true;
            case SqlKeyword.Is:
                ReadIs();
                return true;
            case SqlKeyword.Isnull or SqlKeyword.Notnull when !_language.IsTSql:
                Advance();
                return true;
            case SqlKeyword.Not:
                return ReadNegatedOperator(stopAtAnd);
            case SqlKeyword.Overlaps when _language.IsPostgres:
                Advance();
                ReadUnary();
                return true;
            case SqlKeyword.At when _language.IsPostgresLike || (_language.IsTSql && Peek(1).Keyword == SqlKeyword.Time):
                Advance();
                if (_language.IsTSql || !Accept(SqlKeyword.Local))
                {
                    Expect(SqlKeyword.Time, "TIME ZONE");
                    Expect(SqlKeyword.Zone, "ZONE");
                    ReadUnary();
                }

                return true;
            case SqlKeyword.Collate:
                Advance();
                ReadQualifiedName("a collation");
                return true;
            case SqlKeyword.Operator when _language.IsPostgres:
                ReadQualifiedOperator();
                ReadRightSide();
                return true;
            default:
                return ReadPattern() || (_language.IsMySql && ReadWordOperator());
        }
    }

    private bool ReadWordOperator()
    {
        if (Peek(1).Keyword == SqlKeyword.Like && AcceptWord("sounds"))
        {
            Advance();
            ReadUnary();
            return true;
        }

        if (!AcceptWord("div") && !AcceptWord("mod") && !AcceptWord("xor"))
        {
            return false;
        }

        ReadRightSide();
        return true;
    }

    private void ReadQualifiedOperator()
    {
        Advance();
        Expect(SqlTokenKind.Open, "(");
        if (!AcceptWord("pg_catalog"))
        {
            Refuse("pg_catalog", "Only built-in operators are allowed.");
        }

        Expect(SqlTokenKind.Dot, ".");
        if (!Accept(SqlTokenKind.Operator) && !Accept(SqlTokenKind.Equal) && !Accept(SqlTokenKind.Star))
        {
            Refuse("an operator");
        }

        Expect(SqlTokenKind.Close, ")");
    }

    private bool ReadNegatedOperator(bool stopAtAnd)
    {
        _ = stopAtAnd;
        if (Peek(1).Keyword == SqlKeyword.Null && _language.IsSqlite)
        {
            Advance();
            Advance();
            return true;
        }

        if (Peek(1).Keyword is not (SqlKeyword.In or SqlKeyword.Between or SqlKeyword.Like or SqlKeyword.Ilike
            or SqlKeyword.Glob or SqlKeyword.Regexp or SqlKeyword.Match or SqlKeyword.Similar)
            && !(_language.IsMySql && IsWord(Peek(1), "rlike")))
        {
            return false;
        }

        Advance();
        if (!ReadPattern())
        {
            Refuse("IN, BETWEEN or LIKE");
        }

        return true;
    }

    private bool ReadPattern()
    {
        switch (Keyword)
        {
            case SqlKeyword.In:
                Advance();
                if (_language.IsDuckDb && !Is(SqlTokenKind.Open))
                {
                    // A list, or a column that holds one.
                    ReadUnary();
                    return true;
                }

                if (!Is(SqlTokenKind.Open))
                {
                    Refuse("(", "IN takes a list or a query in parentheses.");
                }

                ReadListOrQuery();
                return true;
            case SqlKeyword.Between:
                Advance();
                if (!Accept(SqlKeyword.Symmetric))
                {
                    Accept(SqlKeyword.Asymmetric);
                }

                ReadOperators(stopAtAnd: true);
                Expect(SqlKeyword.And, "AND");
                ReadUnary();
                return true;
            case SqlKeyword.Regexp when _language.IsMySql:
            case SqlKeyword.Reserved when IsWord(Current, "rlike"):
            case SqlKeyword.Glob when _language.IsDuckDb:
            case SqlKeyword.Glob or SqlKeyword.Regexp when _language.IsSqlite:
                Advance();
                ReadUnary();
                return true;
            case SqlKeyword.Match when _language.IsSqlite:
                Refuse("LIKE", "MATCH needs a full-text table and is not allowed.");
                return true;
            case SqlKeyword.Ilike when !_language.IsPostgresLike:
                return false;
            case SqlKeyword.Similar when _language.IsPostgresLike && Peek(1).Keyword == SqlKeyword.To:
                Advance();
                Expect(SqlKeyword.To, "TO");
                ReadPatternText();
                return true;
            case SqlKeyword.Like or SqlKeyword.Ilike:
                Advance();
                ReadPatternText();
                return true;
            default:
                return false;
        }
    }

    private void ReadPatternText()
    {
        ReadRightSide();
        while (!IsFailed && Kind is SqlTokenKind.Operator or SqlTokenKind.Cast)
        {
            ReadOperator(stopAtAnd: true);
        }

        if (Accept(SqlKeyword.Escape))
        {
            ReadUnary();
        }
    }

    private void ReadIs()
    {
        Advance();
        Accept(SqlKeyword.Not);
        if (Accept(SqlKeyword.Null) || Accept(SqlKeyword.True) || Accept(SqlKeyword.False) || Accept(SqlKeyword.Unknown))
        {
            return;
        }

        if (Accept(SqlKeyword.Distinct))
        {
            Expect(SqlKeyword.From, "FROM");
            ReadUnary();
            return;
        }

        if (_language.IsSqlite)
        {
            ReadUnary();
            return;
        }

        if (Accept(SqlKeyword.Normalized) || (_language.IsPostgres && AcceptWord("document")))
        {
            return;
        }

        if ((AcceptWord("nfc") || AcceptWord("nfd") || AcceptWord("nfkc") || AcceptWord("nfkd"))
            && Accept(SqlKeyword.Normalized))
        {
            return;
        }

        if (AcceptWord("json"))
        {
            // IS JSON [VALUE | SCALAR | ARRAY | OBJECT] [WITH UNIQUE KEYS]
            if (!Accept(SqlKeyword.Value) && !Accept(SqlKeyword.Array) && !AcceptWord("scalar"))
            {
                AcceptWord("object");
            }

            return;
        }

        Refuse("NULL, TRUE, FALSE or DISTINCT FROM");
    }

    private void ReadUnary()
    {
        while (!IsFailed)
        {
            if (Is(SqlKeyword.Not)
                || (Is(SqlTokenKind.Operator)
                    && (_language.IsPostgres || TextOf(Current) is "+" or "-" or "~" || (_language.IsDuckDb && TextOf(Current) is "@") || (_language.IsMySql && TextOf(Current) is "!")))
                || (_language.IsMySql && Is(SqlKeyword.Binary)))
            {
                Advance();
            }
            else
            {
                break;
            }
        }

        ReadOperand();
        ReadSubscripts();
    }
}
