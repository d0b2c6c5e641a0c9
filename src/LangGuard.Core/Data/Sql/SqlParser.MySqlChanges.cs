namespace LangGuard.Data;

/// <summary>Changes of joined tables, ON DUPLICATE KEY UPDATE, and what else only MySQL has in changes.</summary>
internal ref partial struct SqlParser
{
    /// <summary>Whether a table and its alias stand alone before SET.</summary>
    private readonly bool IsSingleTableUpdate()
    {
        var next = Peek(1).Kind == SqlTokenKind.Dot ? 3 : 1;
        if (Peek(next).Keyword == SqlKeyword.As)
        {
            next++;
        }

        return Peek(next).Keyword == SqlKeyword.Set || Peek(next + 1).Keyword == SqlKeyword.Set;
    }

    private void ReadJoinedUpdate()
    {
        var scope = Open();
        var references = _lists.References.Count;
        ReadFrom(scope.Relations);
        Expect(SqlKeyword.Set, "SET");
        SqlRelation? target = null;
        do
        {
            var found = ReadJoinedColumn(scope.Relations);
            if (found is not null && target is not null && !ReferenceEquals(found, target))
            {
                Refuse("columns of one table", "Only one table can be changed at a time.");
            }

            target ??= found;
            Expect(SqlTokenKind.Equal, "=");
            if (!Accept(SqlKeyword.Default))
            {
                ReadExpression();
            }
        }
        while (Accept(SqlTokenKind.Comma));

        var where = ReadChangeWhere(out var whereEnd);
        if (target is not { Use: { } use, Alias: { } alias } || !MarkTarget(references, use, alias, SqlUse.Update))
        {
            Refuse("a table that can be changed", "The table that is changed is not known.");
            return;
        }

        use.Add(SqlUse.Update);
        AddChange(SqlStatementKind.Update, new ChangeTarget(use, target, alias), where, whereEnd, -1, -1, -1, replaces: false);
        Close(ref scope);
    }

    /// <summary>A column that is assigned to, which one table of the join alone must have.</summary>
    private SqlRelation? ReadJoinedColumn(int from)
    {
        var qualifier = -1;
        var name = _at;
        ReadName("a column name");
        if (Accept(SqlTokenKind.Dot))
        {
            qualifier = name;
            name = ReadPart();
        }

        if (IsFailed)
        {
            return null;
        }

        var (column, alias) = (NameOf(name), qualifier < 0 ? null : NameOf(qualifier));
        SqlRelation? found = null;
        for (var i = from; i < _lists.Relations.Count; i++)
        {
            var relation = _lists.Relations[i];
            if ((alias is not null && alias != relation.Alias) || relation.IndexOf(column) is not (var index and >= 0))
            {
                continue;
            }

            if (found is not null || relation.Use?.Table is not { IsCatalog: false })
            {
                RefuseAt(_tokens[name].Start, "a column of one table", "It is not known which table this column is of.");
                return null;
            }

            found = relation;
            relation.Use.AddColumn(index, SqlUse.Update);
        }

        if (found is null)
        {
            RefuseAt(_tokens[name].Start, "a column of the tables", "The name is not known here.");
        }

        return found;
    }

    /// <summary>The place where the table is named is no longer one that is only read.</summary>
    private readonly bool MarkTarget(int from, SqlTableUse use, string alias, SqlUse role)
    {
        var marked = 0;
        for (var i = from; i < _lists.References.Count; i++)
        {
            var reference = _lists.References[i];
            if (ReferenceEquals(reference.Use, use) && reference.Alias == alias)
            {
                _lists.References[i] = reference with { Role = role, Obstacle = "The target of a change is not replaced." };
                marked++;
            }
        }

        return marked == 1;
    }

    /// <summary><c>DELETE t FROM ...</c> or <c>DELETE FROM t USING ...</c></summary>
    private readonly bool IsJoinedDelete()
    {
        if (!Is(SqlKeyword.From))
        {
            return true;
        }

        var next = Peek(2).Kind == SqlTokenKind.Dot && Peek(3).Kind == SqlTokenKind.Star ? 4 : 2;
        return Peek(next).Keyword == SqlKeyword.Using || Peek(next).Kind == SqlTokenKind.Comma;
    }

    private void ReadJoinedDelete()
    {
        var isUsing = Accept(SqlKeyword.From);
        var name = _at;
        ReadName("the table to delete from");
        if (Accept(SqlTokenKind.Dot))
        {
            Expect(SqlTokenKind.Star, "*");
        }

        if (Is(SqlTokenKind.Comma))
        {
            Refuse("FROM", "Only one table can be changed at a time.");
        }

        Expect(isUsing ? SqlKeyword.Using : SqlKeyword.From, isUsing ? "USING" : "FROM");
        if (IsFailed)
        {
            return;
        }

        var alias = NameOf(name);
        var scope = Open();
        var references = _lists.References.Count;
        ReadFrom(scope.Relations);
        var where = ReadChangeWhere(out var whereEnd);
        var target = _lists.Relations.Skip(scope.Relations).FirstOrDefault(relation => relation.Alias == alias);
        if (target?.Use is not { Table: not { IsCatalog: true } } use || !MarkTarget(references, use, alias, SqlUse.Delete))
        {
            RefuseAt(_tokens[name].Start, "one table of FROM", "The table that is changed is not known.");
            return;
        }

        use.Add(SqlUse.Delete);
        AddChange(SqlStatementKind.Delete, new ChangeTarget(use, target, alias), where, whereEnd, -1, -1, -1, replaces: false);
        Close(ref scope);
    }

    /// <summary><c>INSERT INTO t SET a = 1, b = 2</c></summary>
    /// <returns>Whether it stands here.</returns>
    private bool ReadInsertAssignments(SqlTableUse use)
    {
        if (!Accept(SqlKeyword.Set))
        {
            return false;
        }

        // As behind VALUES, the target's own columns are not visible.
        var pending = _lists.Pending.Count;
        do
        {
            ReadTargetColumn(use, SqlUse.Insert);
            Expect(SqlTokenKind.Equal, "=");
            if (!Accept(SqlKeyword.Default))
            {
                ReadExpression();
            }
        }
        while (Accept(SqlTokenKind.Comma));
        HideFromLevel(pending);
        return true;
    }

    /// <summary>ORDER BY and LIMIT behind the condition of a change of one table.</summary>
    private void ReadChangeLimit()
    {
        if (!_language.IsMySql)
        {
            return;
        }

        if (Accept(SqlKeyword.Order))
        {
            Expect(SqlKeyword.By, "BY");
            ReadSortList();
        }

        if (Accept(SqlKeyword.Limit))
        {
            ReadExpression();
        }
    }

    /// <returns>Whether rows in the way are changed.</returns>
    private bool ReadDuplicateKey(in ChangeTarget target)
    {
        if (!Accept(SqlKeyword.On))
        {
            return false;
        }

        if (!AcceptWord("duplicate") || !AcceptWord("key"))
        {
            Refuse("DUPLICATE KEY UPDATE");
        }

        Expect(SqlKeyword.Update, "UPDATE");
        target.Use.Add(SqlUse.Update);
        var scope = Open();
        _lists.Relations.Add(target.Relation);
        _duplicateTarget = target.Use;
        do
        {
            ReadTargetColumn(target.Use, SqlUse.Update);
            Expect(SqlTokenKind.Equal, "=");
            if (!Accept(SqlKeyword.Default))
            {
                ReadExpression();
            }
        }
        while (Accept(SqlTokenKind.Comma));
        _duplicateTarget = null;
        Close(ref scope);
        return true;
    }
}
