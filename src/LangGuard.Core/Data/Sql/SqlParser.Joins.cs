namespace LangGuard.Data;

/// <summary>Joins, and the columns that they make one.</summary>
internal ref partial struct SqlParser
{
    private void ReadJoins(int scope)
    {
        if (_language.IsTSql)
        {
            ReadTSqlJoins(scope);
            return;
        }

        if (_language.IsDuckDb)
        {
            ReadDuckDbJoins(scope);
            return;
        }

        Enter();
        var first = _lists.Relations.Count;
        ReadFromItem(scope);
        while (!IsFailed)
        {
            var isNatural = Accept(SqlKeyword.Natural);
            var isCross = false;
            if (_language.IsMySql && !isNatural && AcceptWord("straight_join"))
            {
            }
            else if (Accept(SqlKeyword.Left) || Accept(SqlKeyword.Right) || (!_language.IsMySql && Accept(SqlKeyword.Full)))
            {
                Accept(SqlKeyword.Outer);
                Expect(SqlKeyword.Join, "JOIN");
            }
            else if (Accept(SqlKeyword.Cross))
            {
                isCross = true;
                Expect(SqlKeyword.Join, "JOIN");
            }
            else if (Accept(SqlKeyword.Inner))
            {
                Expect(SqlKeyword.Join, "JOIN");
            }
            else if (!Accept(SqlKeyword.Join) && (isNatural || !AcceptJoiningComma()))
            {
                if (isNatural)
                {
                    Refuse("JOIN");
                }

                break;
            }

            var right = _lists.Relations.Count;
            ReadFromItem(scope);
            ReadJoinCondition(first, right, isNatural, isCross);
        }

        Leave();
    }

    /// <summary>To SQLite a comma is a join like any other: what NATURAL and USING behind it mean may stand to its left.</summary>
    private bool AcceptJoiningComma() => _language.IsSqlite && Accept(SqlTokenKind.Comma);

    private void ReadJoinCondition(int left, int right, bool isNatural, bool isCross)
    {
        if (isNatural)
        {
            MergeNatural(left, right);
            return;
        }

        if (isCross && _language.IsPostgres)
        {
            return;
        }

        if (Accept(SqlKeyword.On))
        {
            var pending = _lists.Pending.Count;
            ReadExpression();

            // PostgreSQL looks only at the two sides of the join; a name that neither has belongs to a query around.
            if (_language.IsPostgres)
            {
                Resolve(pending, left, _lists.Relations.Count, _lists.Outputs.Count);
                HideFromLevel(pending);
            }
        }
        else if (Is(SqlKeyword.Using))
        {
            Advance();
            Expect(SqlTokenKind.Open, "(");
            var merged = _at;
            do
            {
                MergeColumn(left, right);
            }
            while (Accept(SqlTokenKind.Comma));
            Expect(SqlTokenKind.Close, ")");
            if (_language.IsPostgres && Accept(SqlKeyword.As))
            {
                AddMergedRelation(merged);
            }
        }
        else if (_language.IsPostgres)
        {
            Refuse("ON or USING");
        }
    }

    /// <summary>The name behind USING (...) AS has the columns that were made one, and they are read already.</summary>
    private void AddMergedRelation(int merged)
    {
        var columns = new List<string>();
        for (var i = merged; i < _at && _tokens[i].Kind != SqlTokenKind.Close && !IsFailed; i += 2)
        {
            columns.Add(NameOf(i));
        }

        var alias = _at;
        ReadName("an alias");
        if (!IsFailed)
        {
            _lists.Relations.Add(new SqlRelation { Alias = NameOf(alias), Columns = columns, HiddenColumns = columns.Count });
        }
    }

    private void MergeColumn(int left, int right)
    {
        var at = _at;
        ReadName("a column name");
        if (IsFailed)
        {
            return;
        }

        var name = NameOf(at);
        var isLeft = ReadIn(left, right, name);
        var isRight = ReadIn(right, _lists.Relations.Count, name);
        if (!isLeft || !isRight)
        {
            RefuseAt(_tokens[at].Start, "a column of both sides", "USING names a column that one side does not have.");
            return;
        }

        Merge(right, name);
    }

    private readonly bool ReadIn(int from, int to, string column)
    {
        var isFound = false;
        for (var i = from; i < to; i++)
        {
            var relation = _lists.Relations[i];
            if (relation.IndexOf(column) is var index and >= 0)
            {
                relation.Read(index);
                isFound = true;
            }
            else
            {
                isFound |= relation.IsOpaque;
            }
        }

        return isFound;
    }

    private readonly void Merge(int right, string column)
    {
        for (var i = right; i < _lists.Relations.Count; i++)
        {
            if (_lists.Relations[i].IndexOf(column) >= 0)
            {
                (_lists.Relations[i].Merged ??= []).Add(column);
            }
        }
    }

    private void MergeNatural(int left, int right)
    {
        var relations = _lists.Relations;
        for (var i = left; i < relations.Count; i++)
        {
            if (relations[i].IsOpaque)
            {
                // What is joined on is not known. A table that is not in the snapshot is refused by every policy anyway.
                for (var j = left; j < relations.Count; j++)
                {
                    relations[j].ReadAll();
                }
            }
        }

        for (var i = right; i < relations.Count; i++)
        {
            foreach (var column in relations[i].KnownColumns)
            {
                if (relations[i].Merged?.Contains(column) != true && IsIn(left, right, column))
                {
                    ReadIn(left, right, column);
                    ReadIn(right, relations.Count, column);
                    Merge(right, column);
                }
            }
        }
    }

    private readonly bool IsIn(int from, int to, string column)
    {
        for (var i = from; i < to; i++)
        {
            if (_lists.Relations[i].IndexOf(column) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
