namespace LangGuard.Data;

/// <summary>GROUP BY, ORDER BY, LIMIT, FETCH and locks.</summary>
internal ref partial struct SqlParser
{
    private void ReadGroupBy()
    {
        if (!Accept(SqlKeyword.All))
        {
            Accept(SqlKeyword.Distinct);
        }

        do
        {
            ReadGroupingElement();
        }
        while (Accept(SqlTokenKind.Comma));
        if ((_language.IsMySql || _language.IsTSql) && Is(SqlKeyword.With))
        {
            Advance();
            if (!(_language.IsTSql && Accept(SqlKeyword.Cube)))
            {
                Expect(SqlKeyword.Rollup, "ROLLUP");
            }
        }
    }

    private void ReadGroupingElement()
    {
        if ((_language.IsPostgresLike || _language.IsTSql) && (Is(SqlKeyword.Rollup) || Is(SqlKeyword.Cube)) && Peek(1).Kind == SqlTokenKind.Open)
        {
            Advance();
            Advance();
            ReadElements();
            return;
        }

        if ((_language.IsPostgresLike || _language.IsTSql) && Is(SqlKeyword.Grouping) && Peek(1).Keyword == SqlKeyword.Sets)
        {
            Advance();
            Advance();
            Expect(SqlTokenKind.Open, "(");
            ReadElements();
            return;
        }

        if ((_language.IsPostgresLike || _language.IsTSql) && Is(SqlTokenKind.Open) && Peek(1).Kind == SqlTokenKind.Close)
        {
            Advance();
            Advance();
            return;
        }

        ReadOrderedName(SqlAliasRule.AfterColumns);
        if (_language.IsMySql && !Accept(SqlKeyword.Asc))
        {
            Accept(SqlKeyword.Desc);
        }
    }

    private void ReadElements()
    {
        Enter();
        do
        {
            ReadGroupingElement();
        }
        while (Accept(SqlTokenKind.Comma));
        Expect(SqlTokenKind.Close, ")");
        Leave();
    }

    private void ReadOrderedNames()
    {
        do
        {
            ReadOrderedName(SqlAliasRule.BeforeColumns);
        }
        while (Accept(SqlTokenKind.Comma));
    }

    /// <summary>An expression that may be the name of a result column when it is a name alone.</summary>
    private void ReadOrderedName(SqlAliasRule rule)
    {
        var next = Peek(1);
        var isAlone = IsName(Current)
            && (next.Kind is SqlTokenKind.Comma or SqlTokenKind.Close or SqlTokenKind.End or SqlTokenKind.Semicolon
                || next.Keyword is SqlKeyword.Asc or SqlKeyword.Desc or SqlKeyword.Nulls or SqlKeyword.Limit
                    or SqlKeyword.Offset or SqlKeyword.Fetch or SqlKeyword.Having or SqlKeyword.Order or SqlKeyword.Window
                    or SqlKeyword.Union or SqlKeyword.Except or SqlKeyword.Intersect or SqlKeyword.For);
        var before = _aliasRule;
        if (_language.LooksFurther || _language.IsDuckDb)
        {
            _aliasRule = SqlAliasRule.Both;
        }
        else if (isAlone)
        {
            _aliasRule = rule;
        }
        else if (_language.IsSqlite)
        {
            _aliasRule = next.Keyword == SqlKeyword.Collate ? SqlAliasRule.Both : SqlAliasRule.AfterColumns;
        }
        else
        {
            _aliasRule = SqlAliasRule.No;
        }

        ReadExpression();
        _aliasRule = before;
    }

    private void ReadOrderBy(in QueryScope scope, bool isCompound)
    {
        if (!Accept(SqlKeyword.Order))
        {
            return;
        }

        Expect(SqlKeyword.By, "BY");
        if (_language.IsDuckDb && Accept(SqlKeyword.All))
        {
            ReadDirection();
            return;
        }

        do
        {
            if (isCompound)
            {
                ReadCompoundOrder(scope.Outputs, scope.IsOpaque);
            }
            else
            {
                ReadOrderedName(SqlAliasRule.BeforeColumns);
            }

            ReadDirection();
        }
        while (Accept(SqlTokenKind.Comma));
    }

    /// <summary>Behind a set operation only names and numbers of result columns have a meaning.</summary>
    private void ReadCompoundOrder(int outputs, bool isOpaque)
    {
        if (Is(SqlTokenKind.Parameter))
        {
            ReadParameter();
            return;
        }

        if (Accept(SqlTokenKind.Number))
        {
            return;
        }

        if (IsName(Current) && (isOpaque || HasOutput(_at, outputs)) && Peek(1).Kind is not (SqlTokenKind.Dot or SqlTokenKind.Open))
        {
            Advance();
            if (Accept(SqlKeyword.Collate))
            {
                ReadName("a collation");
            }

            return;
        }

        Refuse("the name or number of a result column", "After a set operation, ORDER BY takes names of result columns.");
    }

    private void ReadDirection()
    {
        if (!Accept(SqlKeyword.Asc))
        {
            Accept(SqlKeyword.Desc);
        }

        if (_language.IsPostgres && Accept(SqlKeyword.Using))
        {
            // ORDER BY x USING <: an operator of the database's own is refused wherever it stands.
            Expect(SqlTokenKind.Operator, "an operator");
        }

        if (Accept(SqlKeyword.Nulls) && !Accept(SqlKeyword.First))
        {
            Expect(SqlKeyword.Last, "FIRST or LAST");
        }
    }

    private void ReadLimits(bool isOutermost)
    {
        if (_language.IsTSql)
        {
            ReadTSqlLimits(isOutermost);
            return;
        }

        while (true)
        {
            if (Accept(SqlKeyword.Limit))
            {
                if (!Accept(SqlKeyword.All))
                {
                    ReadLimit();
                }

                if (!_language.IsPostgresLike && Accept(SqlTokenKind.Comma))
                {
                    ReadExpression();
                }
            }
            else if (Accept(SqlKeyword.Offset))
            {
                ReadExpression();
                if (!Accept(SqlKeyword.Row))
                {
                    Accept(SqlKeyword.Rows);
                }

                continue;
            }
            else if (!_language.IsSqlite && Accept(SqlKeyword.Fetch))
            {
                ReadFetch();
            }
            else
            {
                return;
            }

            _hasLimit |= isOutermost;
        }
    }

    private void ReadLimit()
    {
        if (_language.IsDuckDb && Is(SqlTokenKind.Number))
        {
            // A percent sign with nothing behind it is no operator.
            Advance();
            AcceptPercent();
        }
        else
        {
            ReadExpression();
        }
    }

    private void ReadFetch()
    {
        if (!Accept(SqlKeyword.First))
        {
            Expect(SqlKeyword.Next, "FIRST or NEXT");
        }

        if (!Is(SqlKeyword.Row) && !Is(SqlKeyword.Rows))
        {
            ReadOperand();
        }

        if (!Accept(SqlKeyword.Row))
        {
            Expect(SqlKeyword.Rows, "ROWS");
        }

        if (!Accept(SqlKeyword.Only))
        {
            Expect(SqlKeyword.With, "ONLY");
            Expect(SqlKeyword.Ties, "TIES");
        }
    }

    private void ReadLocks()
    {
        if (!_language.IsSqlite && Is(SqlKeyword.For))
        {
            _locks = true;
            Refuse("the end of the query", "Locking rows is not allowed; leave out FOR.");
        }
    }
}
