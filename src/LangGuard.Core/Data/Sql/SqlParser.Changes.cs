namespace LangGuard.Data;

/// <summary>INSERT, UPDATE and DELETE.</summary>
internal ref partial struct SqlParser
{
    /// <summary>The table that a change writes to.</summary>
    private readonly struct ChangeTarget(SqlTableUse use, SqlRelation relation, string alias)
    {
        internal SqlTableUse Use { get; } = use;

        internal SqlRelation Relation { get; } = relation;

        internal string Alias { get; } = alias;
    }

    private bool TakeKeepReturning()
    {
        var keep = _keepReturning;
        _keepReturning = false;
        return keep;
    }

    /// <summary>OR IGNORE and its kin.</summary>
    /// <returns>Whether rows in the way are removed.</returns>
    private bool ReadOrAction()
    {
        if (_language.IsDuckDb)
        {
            return ReadDuckDbOrAction();
        }

        if (!_language.IsSqlite || !Accept(SqlKeyword.Or))
        {
            return false;
        }

        if (Accept(SqlKeyword.Replace))
        {
            return true;
        }

        // ROLLBACK would end the transaction that the guard keeps.
        if (!Accept(SqlKeyword.Ignore) && !Accept(SqlKeyword.Abort) && !Accept(SqlKeyword.Fail))
        {
            Refuse("IGNORE, ABORT, FAIL or REPLACE");
        }

        return false;
    }

    private bool ReadTarget(SqlUse role, bool asOnly, out ChangeTarget target)
    {
        target = default;
        var start = Current.Start;
        if (_language.IsPostgres && !asOnly)
        {
            Accept(SqlKeyword.Only);
        }

        var (schema, name) = ReadTableName();
        var nameEnd = _at > 0 ? _tokens[_at - 1].End : 0;
        var alias = -1;
        if (Accept(SqlKeyword.As))
        {
            alias = _at;
            ReadName("an alias");
        }
        else if (!asOnly && !_language.IsSqlite && StartsAlias())
        {
            alias = _at;
            Advance();
        }

        if (_language.IsSqlite && !asOnly)
        {
            _ = ReadTableOptions();
        }

        if (IsFailed)
        {
            return false;
        }

        var use = FindTable(schema, name);
        use.Add(role);
        var end = _tokens[_at - 1].End;
        var aliasName = NameOf(alias < 0 ? name : alias);
        _lists.References.Add(new SqlTableReference(
            use, role, start, end, aliasName, nameEnd < end ? new string(_text[nameEnd..end]) : string.Empty,
            "The target of a change is not replaced."));
        target = new ChangeTarget(
            use,
            new SqlRelation
            {
                Alias = aliasName,
                Use = use,
                IsPlain = alias < 0,
                IsOpaque = use.Table is null or { IsCatalog: true },
            },
            aliasName);
        return true;
    }

    private void ReadTargetColumn(SqlTableUse use, SqlUse role)
    {
        var at = _at;
        ReadName("a column name");
        if (_language.IsMySql && Accept(SqlTokenKind.Dot))
        {
            at = ReadPart();
        }

        if (IsFailed || use.Table is null or { IsCatalog: true })
        {
            return;
        }

        Span<char> buffer = stackalloc char[SqlLanguage.MaxNameLength];
        var name = buffer[..CopyName(at, buffer)];
        var index = use.Table.IndexOf(name);
        if (index < 0)
        {
            RefuseAt(_tokens[at].Start, "a column of this table", "The table has no column of this name.");
            return;
        }

        use.AddColumn(index, role);
    }

    private void ReadAssignments(SqlTableUse use)
    {
        Expect(SqlKeyword.Set, "SET");
        do
        {
            if (Accept(SqlTokenKind.Open))
            {
                do
                {
                    ReadTargetColumn(use, SqlUse.Update);
                }
                while (Accept(SqlTokenKind.Comma));
                Expect(SqlTokenKind.Close, ")");
                Expect(SqlTokenKind.Equal, "=");
                _allowDefault = _language.IsPostgres && Is(SqlTokenKind.Open) && !StartsQuery(0);
                ReadExpression();
                _allowDefault = false;
            }
            else
            {
                ReadTargetColumn(use, SqlUse.Update);
                Expect(SqlTokenKind.Equal, "=");
                if (!Accept(SqlKeyword.Default))
                {
                    ReadExpression();
                }
            }
        }
        while (Accept(SqlTokenKind.Comma));
    }

    private void ReadUpdate()
    {
        if (_language.IsTSql)
        {
            ReadTSqlUpdate();
            return;
        }

        var keepReturning = TakeKeepReturning();
        Expect(SqlKeyword.Update, "UPDATE");
        if (_language.IsMySql && !IsSingleTableUpdate())
        {
            ReadJoinedUpdate();
            return;
        }

        var replaces = !_language.IsDuckDb && ReadOrAction();
        var scope = Open();
        if (!ReadTarget(replaces ? SqlUse.Update | SqlUse.Delete : SqlUse.Update, asOnly: false, out var target))
        {
            return;
        }

        _lists.Relations.Add(target.Relation);
        ReadAssignments(target.Use);
        if (!_language.IsMySql && Accept(SqlKeyword.From))
        {
            // The target can not be seen from inside FROM.
            ReadFrom(scope.Relations + 1);
        }

        var where = ReadChangeWhere(out var whereEnd);
        ReadChangeLimit();
        var returningEnd = ReadReturning(ref scope, keepReturning);
        AddChange(SqlStatementKind.Update, target, where, whereEnd, returningEnd, -1, -1, replaces);
        Close(ref scope);
    }

    private void ReadDelete()
    {
        if (_language.IsTSql)
        {
            ReadTSqlDelete();
            return;
        }

        var keepReturning = TakeKeepReturning();
        Expect(SqlKeyword.Delete, "DELETE");
        if (_language.IsMySql && IsJoinedDelete())
        {
            ReadJoinedDelete();
            return;
        }

        Expect(SqlKeyword.From, "FROM");
        var scope = Open();
        if (!ReadTarget(SqlUse.Delete, asOnly: false, out var target))
        {
            return;
        }

        _lists.Relations.Add(target.Relation);
        if (_language.IsPostgresLike && Accept(SqlKeyword.Using))
        {
            ReadFrom(scope.Relations + 1);
        }

        var where = ReadChangeWhere(out var whereEnd);
        ReadChangeLimit();
        var returningEnd = ReadReturning(ref scope, keepReturning);
        AddChange(SqlStatementKind.Delete, target, where, whereEnd, returningEnd, -1, -1, replaces: false);
        Close(ref scope);
    }

    private int ReadChangeWhere(out int end)
    {
        end = _at > 0 ? _tokens[_at - 1].End : 0;
        if (!Accept(SqlKeyword.Where))
        {
            _hasWhere = false;
            return -1;
        }

        if (Is(SqlKeyword.Current) && Peek(1).Keyword == SqlKeyword.Of)
        {
            Refuse("a condition", "WHERE CURRENT OF is not allowed.");
        }

        // A condition that looks at no column is none.
        var start = Current.Start;
        var references = _referenceCount;
        ReadExpression();
        _hasWhere &= _referenceCount > references;
        end = _at > 0 ? _tokens[_at - 1].End : 0;
        return start;
    }

    /// <returns>Where the list ends, or -1 when there is none.</returns>
    private int ReadReturning(ref QueryScope scope, bool keepOutputs)
    {
        if (!Accept(SqlKeyword.Returning))
        {
            return -1;
        }

        HideFromReturning(scope.Relations);
        var rule = _aliasRule;
        _aliasRule = SqlAliasRule.No;
        var outputs = _lists.Outputs.Count;
        var own = new QueryScope { Relations = scope.Relations, Outputs = outputs };
        do
        {
            if (_language.IsDuckDb)
            {
                ReadDuckDbItem(ref own);
            }
            else
            {
                ReadSelectItem();
            }
        }
        while (Accept(SqlTokenKind.Comma));
        ExpandStars(ref own);
        if (!keepOutputs)
        {
            _resultColumns = _lists.Outputs.Count - outputs;
            _resultIsOpaque = own.IsOpaque;
            _lists.StarColumns.AddRange(_lists.Outputs.Skip(outputs).Where(output => output.IsFromStar && output.Name != SqlOutputColumn.Unnamed).Select(output => output.Name!));
            _lists.Outputs.RemoveRange(outputs, _lists.Outputs.Count - outputs);
            _returnsRows = true;
        }

        _aliasRule = rule;
        return _at > 0 ? _tokens[_at - 1].End : -1;
    }

    private void AddChange(
        SqlStatementKind kind, in ChangeTarget target, int where, int whereEnd, int returningEnd, int conflictWhere,
        int conflictWhereEnd, bool replaces) =>
        _lists.Changes.Add(new SqlChange(
            kind, target.Use, target.Alias, where, whereEnd, returningEnd, _at > 0 ? _tokens[_at - 1].End : 0,
            conflictWhere, conflictWhereEnd, replaces));
}
