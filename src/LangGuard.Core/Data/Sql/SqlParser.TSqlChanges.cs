namespace LangGuard.Data;

/// <summary>INSERT, UPDATE and DELETE in SQL Server.</summary>
internal ref partial struct SqlParser
{
    private void ReadTSqlInsert()
    {
        Expect(SqlKeyword.Insert, "INSERT");
        ReadTop();
        Accept(SqlKeyword.Into);
        var scope = Open();
        if (!ReadTSqlTarget(SqlUse.Insert, out var target))
        {
            return;
        }

        ReadInsertColumns(target.Use);
        var position = _at > 0 ? _tokens[_at - 1].End : 0;
        var returningEnd = ReadOutput(target, isNew: true, isOld: false);
        ReadInsertSource();
        _lists.Changes.Add(new SqlChange(
            SqlStatementKind.Insert, target.Use, target.Alias, -1, -1, returningEnd, position, -1, -1, Replaces: false));
        Close(ref scope);
    }

    private void ReadTSqlUpdate()
    {
        Expect(SqlKeyword.Update, "UPDATE");
        ReadTop();
        var scope = Open();
        if (!ReadJoinedTarget(SqlUse.Update, scope, FindFrom(), out var target, out var behind))
        {
            return;
        }

        ReadTSqlAssignments(target.Use, target.Alias);
        var returningEnd = ReadOutput(target, isNew: true, isOld: true);
        FinishTSqlChange(SqlStatementKind.Update, ref scope, target, returningEnd, behind);
    }

    private void ReadTSqlDelete()
    {
        Expect(SqlKeyword.Delete, "DELETE");
        ReadTop();
        Accept(SqlKeyword.From);
        var scope = Open();
        if (!ReadJoinedTarget(SqlUse.Delete, scope, FindFrom(), out var target, out var behind))
        {
            return;
        }

        var returningEnd = ReadOutput(target, isNew: false, isOld: true);
        FinishTSqlChange(SqlStatementKind.Delete, ref scope, target, returningEnd, behind);
    }

    private void FinishTSqlChange(
        SqlStatementKind kind, ref QueryScope scope, in ChangeTarget target, int returningEnd, int behind)
    {
        if (behind >= 0)
        {
            // FROM has been read already, to know what the target is called in it.
            if (!Is(SqlKeyword.From))
            {
                Refuse("FROM");
                return;
            }

            _at = behind;
        }

        var where = ReadChangeWhere(out var whereEnd);
        _lists.Changes.Add(new SqlChange(
            kind, target.Use, target.Alias, where, whereEnd, returningEnd, _at > 0 ? _tokens[_at - 1].End : 0, -1, -1, Replaces: false));
        Close(ref scope);
    }

    /// <summary>The FROM of the change itself, which follows what it is needed for; -1 when there is none.</summary>
    private readonly int FindFrom()
    {
        var depth = 0;
        for (var i = _at; i < _tokens.Length; i++)
        {
            var token = _tokens[i];
            if (token.Kind == SqlTokenKind.Open)
            {
                depth++;
            }
            else if (token.Kind == SqlTokenKind.Close)
            {
                depth--;
            }
            else if (depth == 0 && token.Keyword == SqlKeyword.From && _tokens[i - 1].Keyword != SqlKeyword.Distinct)
            {
                return i;
            }
            else if (depth == 0 && token.Keyword == SqlKeyword.Where)
            {
                return -1;
            }
        }

        return -1;
    }

    /// <summary>A target by its own name, or by its alias in FROM.</summary>
    private bool ReadJoinedTarget(SqlUse role, in QueryScope scope, int from, out ChangeTarget target, out int behind)
    {
        behind = -1;
        if (from < 0)
        {
            if (!ReadTSqlTarget(role, out target))
            {
                return false;
            }

            _lists.Relations.Add(target.Relation);
            return true;
        }

        target = default;
        var name = _at;
        ReadName("a table name or an alias");
        if (Accept(SqlTokenKind.Dot))
        {
            name = _at;
            ReadName("a table name");
        }

        if (IsFailed)
        {
            return false;
        }

        var isQualified = _tokens[name - 1].Kind == SqlTokenKind.Dot;
        var back = _at;
        var references = _lists.References.Count;
        _at = from;
        Advance();
        ReadFrom(scope.Relations);
        behind = _at;
        if (IsFailed)
        {
            return false;
        }

        var alias = NameOf(name);
        SqlRelation? found = null;
        for (var i = scope.Relations; i < _lists.Relations.Count; i++)
        {
            var relation = _lists.Relations[i];
            if (relation.Alias == alias)
            {
                found = found is null && (!isQualified || (relation.IsPlain && IsInSchema(relation, name - 2))) ? relation : null;
                if (found is null)
                {
                    break;
                }
            }
        }

        if (found is not { Use: { Table.IsCatalog: false } use } || !MarkTarget(references, use, alias, role))
        {
            RefuseAt(_tokens[name].Start, "the alias of a table in FROM", "The table that is changed is not one of FROM.");
            return false;
        }

        use.Add(role);
        target = new ChangeTarget(use, found, alias);
        _at = back;
        return true;
    }

    /// <summary>A target alone. Names of WITH are not taken: a change of one changes the tables behind it.</summary>
    private bool ReadTSqlTarget(SqlUse role, out ChangeTarget target)
    {
        target = default;
        var start = Current.Start;
        var (schema, name) = ReadTableName();
        if (IsFailed)
        {
            return false;
        }

        if (schema < 0 && FindCommonTable(name) is not null)
        {
            RefuseAt(_tokens[name].Start, "a table name", "A name of WITH can not be changed.");
            return false;
        }

        var use = FindTable(schema, name);
        use.Add(role);
        var alias = NameOf(name);
        _lists.References.Add(new SqlTableReference(
            use, role, start, _tokens[_at - 1].End, alias, string.Empty, "The target of a change is not replaced."));
        target = new ChangeTarget(
            use,
            new SqlRelation { Alias = alias, Use = use, IsPlain = true, IsOpaque = use.Table is null or { IsCatalog: true } },
            alias);
        return !IsFailed;
    }

    private void ReadTSqlAssignments(SqlTableUse use, string alias)
    {
        Expect(SqlKeyword.Set, "SET");
        do
        {
            if (IsName(Current) && Peek(1).Kind == SqlTokenKind.Dot)
            {
                if (NameOf(_at) != alias)
                {
                    Refuse("a column of the table that is changed");
                }

                Advance();
                Advance();
            }

            var column = _at;
            ReadTargetColumn(use, SqlUse.Update);
            if (Is(SqlTokenKind.Operator) && TextOf(Current) is [not ('<' or '>' or '!'), '='])
            {
                // The old value is read.
                AddReference(-1, -1, column);
                Advance();
            }
            else
            {
                Expect(SqlTokenKind.Equal, "=");
            }

            if (!Accept(SqlKeyword.Default))
            {
                ReadExpression();
            }
        }
        while (Accept(SqlTokenKind.Comma));
    }

    /// <summary>OUTPUT: the rows that a change returns.</summary>
    /// <returns>Where the list ends, or -1 when there is none.</returns>
    private int ReadOutput(in ChangeTarget target, bool isNew, bool isOld)
    {
        if (!AcceptWord("output"))
        {
            return -1;
        }

        // The two names stand for the target; they are gone behind the list.
        var level = Open();
        if (isNew)
        {
            _lists.Relations.Add(RowsOf(target, "inserted"));
        }

        if (isOld)
        {
            _lists.Relations.Add(RowsOf(target, "deleted"));
        }

        var own = new QueryScope { Relations = level.Relations, Outputs = _lists.Outputs.Count };
        do
        {
            ReadSelectItem();
        }
        while (Accept(SqlTokenKind.Comma));
        ExpandStars(ref own);
        if (Is(SqlKeyword.Into))
        {
            Refuse("the next clause", "OUTPUT INTO writes to another table.");
        }

        _resultColumns = _lists.Outputs.Count - own.Outputs;
        _resultIsOpaque = own.IsOpaque;
        _lists.StarColumns.AddRange(_lists.Outputs.Skip(own.Outputs)
            .Where(output => output.IsFromStar && output.Name != SqlOutputColumn.Unnamed).Select(output => output.Name!));
        _lists.Outputs.RemoveRange(own.Outputs, _lists.Outputs.Count - own.Outputs);
        _returnsRows = true;
        Close(ref level);
        return _at > 0 ? _tokens[_at - 1].End : -1;
    }

    private static SqlRelation RowsOf(in ChangeTarget target, string alias) => new()
    {
        Alias = alias,
        Use = target.Use,
        IsOpaque = target.Relation.IsOpaque,
    };
}
