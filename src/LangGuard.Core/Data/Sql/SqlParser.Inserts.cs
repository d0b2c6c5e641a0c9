namespace LangGuard.Data;

/// <summary>INSERT and ON CONFLICT.</summary>
internal ref partial struct SqlParser
{
    private void ReadInsert()
    {
        if (_language.IsTSql)
        {
            ReadTSqlInsert();
            return;
        }

        var keepReturning = TakeKeepReturning();
        var replaces = Accept(SqlKeyword.Replace);
        if (!replaces)
        {
            Expect(SqlKeyword.Insert, "INSERT");
            replaces = ReadOrAction();
            if (_language.IsMySql)
            {
                // Rows that are in the way of others are left out.
                Accept(SqlKeyword.Ignore);
            }
        }

        if (!Accept(SqlKeyword.Into) && !_language.IsMySql)
        {
            Refuse("INTO");
        }

        var scope = Open();
        if (!ReadTarget(replaces ? SqlUse.Insert | SqlUse.Update | SqlUse.Delete : SqlUse.Insert, asOnly: true, out var target))
        {
            return;
        }

        var isAssigned = _language.IsMySql && ReadInsertAssignments(target.Use);
        if (!isAssigned)
        {
            ReadInsertColumns(target.Use);
        }

        AcceptInsertBy();
        if (_language.IsPostgres && Accept(SqlKeyword.Overriding))
        {
            if (!AcceptWord("system"))
            {
                Expect(SqlKeyword.User, "SYSTEM or USER");
            }

            Expect(SqlKeyword.Value, "VALUE");
        }

        if (!isAssigned)
        {
            ReadInsertSource();
        }

        var whereAt = -1;
        var whereEnd = -1;
        if (_language.IsMySql)
        {
            replaces |= ReadDuplicateKey(target);
        }
        else
        {
            ReadConflicts(target, ref whereAt, ref whereEnd);
        }

        _lists.Relations.Add(target.Relation);
        var returningEnd = ReadReturning(ref scope, keepReturning);
        AddChange(SqlStatementKind.Insert, target, -1, -1, returningEnd, whereAt, whereEnd, replaces);
        Close(ref scope);
    }

    private void ReadInsertColumns(SqlTableUse use)
    {
        if (!Is(SqlTokenKind.Open) || StartsQuery(0))
        {
            use.AddAllColumns(SqlUse.Insert);
            return;
        }

        Advance();
        do
        {
            ReadTargetColumn(use, SqlUse.Insert);
        }
        while (Accept(SqlTokenKind.Comma));
        Expect(SqlTokenKind.Close, ")");
    }

    private void ReadInsertSource()
    {
        if (Accept(SqlKeyword.Default))
        {
            Expect(SqlKeyword.Values, "VALUES");
            return;
        }

        // DEFAULT is a value only here.
        var outputs = _lists.Outputs.Count;
        _allowDefault = Is(SqlKeyword.Values) || (_language.IsMySql && Is(SqlKeyword.Value));
        if (_allowDefault)
        {
            Advance();
            ReadInsertValues();
        }
        else if (StartsQuery(0))
        {
            ReadQuery();
        }
        else
        {
            Refuse("VALUES or a query");
        }

        _lists.Outputs.RemoveRange(outputs, _lists.Outputs.Count - outputs);
    }

    private void ReadInsertValues()
    {
        // The target's own columns are not visible here: names belong to queries inside.
        var pending = _lists.Pending.Count;
        do
        {
            _allowDefault = true;
            Expect(SqlTokenKind.Open, "(");
            do
            {
                if (!Accept(SqlKeyword.Default))
                {
                    _allowDefault = false;
                    ReadExpression();
                }
            }
            while (Accept(SqlTokenKind.Comma));
            Expect(SqlTokenKind.Close, ")");
        }
        while (Accept(SqlTokenKind.Comma));
        _allowDefault = false;
        HideFromLevel(pending);
    }

    private void ReadConflicts(in ChangeTarget target, ref int whereAt, ref int whereEnd)
    {
        while (!IsFailed && Is(SqlKeyword.On) && Peek(1).Keyword == SqlKeyword.Conflict)
        {
            Advance();
            Advance();
            ReadConflict(target, ref whereAt, ref whereEnd);
        }
    }

    private void ReadConflict(in ChangeTarget target, ref int whereAt, ref int whereEnd)
    {
        // Which rows are in the way tells what the table holds.
        var scope = Open();
        _lists.Relations.Add(target.Relation);
        if (Accept(SqlTokenKind.Open))
        {
            ReadSortList();
            Expect(SqlTokenKind.Close, ")");
            if (Accept(SqlKeyword.Where))
            {
                ReadExpression();
            }
        }
        else if (_language.IsPostgres && Accept(SqlKeyword.On))
        {
            Expect(SqlKeyword.Constraint, "CONSTRAINT");
            ReadName("the name of a constraint");
        }

        Close(ref scope);
        Expect(SqlKeyword.Do, "DO");
        if (Accept(SqlKeyword.Nothing))
        {
            return;
        }

        Expect(SqlKeyword.Update, "UPDATE or NOTHING");
        target.Use.Add(SqlUse.Update);
        scope = Open();
        _lists.Relations.Add(target.Relation);
        _lists.Relations.Add(new SqlRelation
        {
            Alias = "excluded",
            Columns = target.Use.Table?.Columns ?? [],
            IsOpaque = target.Relation.IsOpaque,
        });
        ReadAssignments(target.Use);
        whereEnd = _at > 0 ? _tokens[_at - 1].End : 0;
        if (Accept(SqlKeyword.Where))
        {
            whereAt = Current.Start;
            ReadExpression();
            whereEnd = _at > 0 ? _tokens[_at - 1].End : 0;
        }

        Close(ref scope);
    }
}
