namespace LangGuard.Data;

/// <summary>What follows a call: FILTER, WITHIN GROUP, OVER and its window.</summary>
internal ref partial struct SqlParser
{
    private void ReadCallSuffixes()
    {
        if (!_language.IsSqlite && Is(SqlKeyword.Within) && Peek(1).Keyword == SqlKeyword.Group)
        {
            Advance();
            Advance();
            Expect(SqlTokenKind.Open, "(");
            Expect(SqlKeyword.Order, "ORDER");
            Expect(SqlKeyword.By, "BY");
            ReadSortList();
            Expect(SqlTokenKind.Close, ")");
        }

        if (!_language.IsTSql && Is(SqlKeyword.Filter) && Peek(1).Kind == SqlTokenKind.Open)
        {
            Advance();
            Advance();
            if (!_language.IsDuckDb || Is(SqlKeyword.Where))
            {
                Expect(SqlKeyword.Where, "WHERE");
            }

            ReadExpression();
            Expect(SqlTokenKind.Close, ")");
        }

        if (_language.IsTSql && Peek(1).Keyword == SqlKeyword.Nulls && (IsWord(Current, "respect") || Is(SqlKeyword.Ignore)))
        {
            Advance();
            Advance();
        }

        if (Is(SqlKeyword.Over) && (Peek(1).Kind == SqlTokenKind.Open || IsName(Peek(1))))
        {
            Advance();
            if (Is(SqlTokenKind.Open))
            {
                ReadWindow();
            }
            else
            {
                Advance();
            }
        }
    }

    private void ReadWindow()
    {
        Enter();
        Expect(SqlTokenKind.Open, "(");
        if (IsName(Current)
            && Keyword is not (SqlKeyword.Partition or SqlKeyword.Rows or SqlKeyword.Range or SqlKeyword.Groups))
        {
            Advance();
        }

        if (Accept(SqlKeyword.Partition))
        {
            Expect(SqlKeyword.By, "BY");
            do
            {
                ReadExpression();
            }
            while (Accept(SqlTokenKind.Comma));
        }

        if (Accept(SqlKeyword.Order))
        {
            Expect(SqlKeyword.By, "BY");
            ReadSortList();
        }

        if (Accept(SqlKeyword.Rows) || Accept(SqlKeyword.Range) || Accept(SqlKeyword.Groups))
        {
            ReadFrame();
        }

        Expect(SqlTokenKind.Close, ")");
        Leave();
    }

    private void ReadFrame()
    {
        if (Accept(SqlKeyword.Between))
        {
            ReadBound();
            Expect(SqlKeyword.And, "AND");
        }

        ReadBound();
        if (!Accept(SqlKeyword.Exclude))
        {
            return;
        }

        if (Accept(SqlKeyword.Current))
        {
            Expect(SqlKeyword.Row, "ROW");
        }
        else if (Accept(SqlKeyword.No))
        {
            Expect(SqlKeyword.Others, "OTHERS");
        }
        else if (!Accept(SqlKeyword.Group))
        {
            Expect(SqlKeyword.Ties, "CURRENT ROW, GROUP, TIES or NO OTHERS");
        }
    }

    private void ReadBound()
    {
        if (Is(SqlKeyword.Current) && Peek(1).Keyword == SqlKeyword.Row)
        {
            Advance();
            Advance();
            return;
        }

        if (!(Is(SqlKeyword.Unbounded) && Peek(1).Keyword is SqlKeyword.Preceding or SqlKeyword.Following))
        {
            ReadOperators(stopAtAnd: true);
        }
        else
        {
            Advance();
        }

        if (!Accept(SqlKeyword.Preceding))
        {
            Expect(SqlKeyword.Following, "PRECEDING or FOLLOWING");
        }
    }
}
