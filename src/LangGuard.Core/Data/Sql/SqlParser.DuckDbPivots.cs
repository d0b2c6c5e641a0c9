namespace LangGuard.Data;

/// <summary>PIVOT and UNPIVOT. What columns they have depends on the rows, so those are not known.</summary>
internal ref partial struct SqlParser
{
    /// <summary><c>PIVOT t ON a USING sum(b) GROUP BY c</c></summary>
    private void ReadPivotStatement(ref QueryScope scope)
    {
        var rule = _aliasRule;
        _aliasRule = SqlAliasRule.No;
        var pending = _lists.Pending.Count;
        ReadDuckDbJoins(scope.Relations);
        if (Accept(SqlKeyword.On))
        {
            do
            {
                ReadPivotColumn();
            }
            while (Accept(SqlTokenKind.Comma));
        }

        if (Accept(SqlKeyword.Using))
        {
            do
            {
                ReadNamedValue();
            }
            while (Accept(SqlTokenKind.Comma));
        }

        var isGrouped = ReadPivotGroups();
        _aliasRule = rule;
        FinishPivot(scope.Relations, pending, !isGrouped);
        AddPivoted(alias: null);
        scope.IsOpaque = true;
    }

    /// <summary><c>UNPIVOT t ON a, b INTO NAME n VALUE v</c></summary>
    private void ReadUnpivotStatement(ref QueryScope scope)
    {
        var rule = _aliasRule;
        _aliasRule = SqlAliasRule.No;
        var pending = _lists.Pending.Count;
        ReadDuckDbJoins(scope.Relations);
        AcceptIncludeNulls();
        Expect(SqlKeyword.On, "ON");
        do
        {
            ReadNamedValue();
        }
        while (Accept(SqlTokenKind.Comma));
        if (Accept(SqlKeyword.Into))
        {
            if (!AcceptWord("name"))
            {
                Refuse("NAME");
            }

            ReadName("a column name");
            Expect(SqlKeyword.Value, "VALUE");
            ReadColumnNames();
        }

        _aliasRule = rule;
        FinishPivot(scope.Relations, pending, readsAll: true);
        AddPivoted(alias: null);
        scope.IsOpaque = true;
    }

    /// <summary><c>t PIVOT (...) AS p</c> and <c>t UNPIVOT (...) AS u</c>: of all that was joined before.</summary>
    private void ReadPivotOfTable(int first, int pending)
    {
        Enter();
        var rule = _aliasRule;
        _aliasRule = SqlAliasRule.No;
        var isPivot = AcceptWord("pivot");
        var isGrouped = false;
        if (!isPivot)
        {
            Advance();
            AcceptIncludeNulls();
        }

        Expect(SqlTokenKind.Open, "(");
        if (isPivot)
        {
            do
            {
                ReadNamedValue();
            }
            while (Accept(SqlTokenKind.Comma));
            Expect(SqlKeyword.For, "FOR");
            do
            {
                ReadPivotColumn();
            }
            while (!IsFailed && !Is(SqlTokenKind.Close) && !Is(SqlKeyword.Group));
            isGrouped = ReadPivotGroups();
        }
        else
        {
            ReadNewNames();
            Expect(SqlKeyword.For, "FOR");
            ReadName("a column name");
            Expect(SqlKeyword.In, "IN");
            ReadPivotValues();
        }

        Expect(SqlTokenKind.Close, ")");
        _aliasRule = rule;
        FinishPivot(first, pending, !isGrouped);
        var alias = ReadAlias(out _);
        AddPivoted(alias < 0 ? null : NameOf(alias));
        Leave();
    }

    /// <summary>Without its values the engine runs PIVOT as several statements, of which the first creates a type.</summary>
    private void ReadPivotColumn()
    {
        ReadUnary();
        if (!Is(SqlKeyword.In) || Peek(1).Kind != SqlTokenKind.Open || StartsQuery(1))
        {
            Refuse("IN and a list of values", "PIVOT needs the values that become columns, as in ON status IN ('open', 'paid').");
            return;
        }

        Advance();
        ReadPivotValues();
    }

    private void ReadNamedValue()
    {
        ReadExpression();
        if (Accept(SqlKeyword.As))
        {
            if (!Accept(SqlTokenKind.Text))
            {
                ReadName("a name");
            }
        }
        else if (IsName(Current))
        {
            Advance();
        }
    }

    private void ReadNewNames()
    {
        if (Is(SqlTokenKind.Open))
        {
            ReadNames("a column name");
        }
        else
        {
            ReadName("a column name");
        }
    }

    private void ReadPivotValues()
    {
        Expect(SqlTokenKind.Open, "(");
        do
        {
            ReadNamedValue();
        }
        while (Accept(SqlTokenKind.Comma) && !Is(SqlTokenKind.Close));
        Expect(SqlTokenKind.Close, ")");
    }

    private bool ReadPivotGroups()
    {
        if (!Accept(SqlKeyword.Group))
        {
            return false;
        }

        Expect(SqlKeyword.By, "BY");
        if (Accept(SqlKeyword.All))
        {
            return false;
        }

        do
        {
            ReadExpression();
        }
        while (Accept(SqlTokenKind.Comma));
        return true;
    }

    private void AcceptIncludeNulls()
    {
        if ((IsWord(Current, "include") || Is(SqlKeyword.Exclude)) && Peek(1).Keyword == SqlKeyword.Nulls)
        {
            Advance();
            Advance();
        }
    }

    /// <summary>Names in it mean the source, which is not seen from outside.</summary>
    private void FinishPivot(int first, int pending, bool readsAll)
    {
        if (IsFailed)
        {
            return;
        }

        Resolve(pending, first, _lists.Relations.Count, _lists.Outputs.Count);
        HideFromLevel(pending);
        for (var i = first; readsAll && i < _lists.Relations.Count; i++)
        {
            _lists.Relations[i].ReadAll();
        }

        if (!IsFailed)
        {
            _lists.Relations.RemoveRange(first, _lists.Relations.Count - first);
        }
    }

    private readonly void AddPivoted(string? alias) =>
        _lists.Relations.Add(new SqlRelation { Alias = alias, Columns = [], IsOpaque = true });
}
