namespace LangGuard.Data;

/// <summary>FROM in DuckDB. Only tables of the snapshot are known: a file, a variable or an address in its place never is.</summary>
internal ref partial struct SqlParser
{
    private void ReadDuckDbJoins(int scope)
    {
        Enter();
        var first = _lists.Relations.Count;
        var pending = _lists.Pending.Count;
        ReadDuckDbFromItem(scope);
        while (!IsFailed)
        {
            if (IsWord(Current, "pivot") || IsWord(Current, "unpivot"))
            {
                ReadPivotOfTable(first, pending);
                continue;
            }

            var isNatural = Accept(SqlKeyword.Natural);
            var isAsOf = AcceptWord("asof");
            var (isBare, isFilter) = (false, false);
            if (Accept(SqlKeyword.Left) || Accept(SqlKeyword.Right) || Accept(SqlKeyword.Full))
            {
                Accept(SqlKeyword.Outer);
            }
            else if (Accept(SqlKeyword.Cross) || AcceptWord("positional"))
            {
                isBare = true;
            }
            else if (AcceptWord("semi") || AcceptWord("anti"))
            {
                isFilter = true;
            }
            else if (!Accept(SqlKeyword.Inner) && !Is(SqlKeyword.Join))
            {
                if (isNatural || isAsOf)
                {
                    Refuse("JOIN");
                }

                break;
            }

            Expect(SqlKeyword.Join, "JOIN");
            var right = _lists.Relations.Count;
            ReadDuckDbFromItem(scope);
            if (!isBare)
            {
                ReadDuckDbJoinCondition(first, right, isNatural);
            }

            for (var i = right; isFilter && i < _lists.Relations.Count; i++)
            {
                _lists.Relations[i].IsFilter = true;
            }
        }

        Leave();
    }

    private void ReadDuckDbJoinCondition(int left, int right, bool isNatural)
    {
        if (isNatural)
        {
            MergeNatural(left, right);
        }
        else if (Accept(SqlKeyword.On))
        {
            ReadExpression();
        }
        else if (Accept(SqlKeyword.Using))
        {
            Expect(SqlTokenKind.Open, "(");
            do
            {
                MergeColumn(left, right);
            }
            while (Accept(SqlTokenKind.Comma));
            Expect(SqlTokenKind.Close, ")");
        }
        else
        {
            Refuse("ON or USING");
        }
    }

    private void ReadDuckDbFromItem(int scope)
    {
        if (++_relationCount > MaxRelations)
        {
            Refuse("fewer tables", "The statement uses too many tables.");
            return;
        }

        // alias: table
        var start = Current.Start;
        var prefix = -1;
        if (IsName(Current) && Peek(1).Kind == SqlTokenKind.Colon)
        {
            prefix = _at;
            Advance();
            Advance();
        }

        var isLateral = Accept(SqlKeyword.Lateral);
        if (Is(SqlTokenKind.Open))
        {
            if (Peek(1).Kind != SqlTokenKind.Open ? StartsQuery(1) : StartsNestedQuery())
            {
                ReadDuckDbDerived(scope, prefix);
            }
            else if (isLateral || prefix >= 0)
            {
                Refuse("a query");
            }
            else
            {
                ReadJoinGroup(scope);
            }
        }
        else if (Is(SqlKeyword.Values) && Peek(1).Kind == SqlTokenKind.Open)
        {
            ReadDuckDbValues(prefix);
        }
        else if (IsName(Current) && Peek(1).Kind == SqlTokenKind.Open)
        {
            ReadDuckDbTableFunction(scope, prefix);
        }
        else if (isLateral)
        {
            Refuse("a query or a function");
        }
        else if (Is(SqlTokenKind.Text))
        {
            Refuse("the name of a table", "Files can not be read.");
        }
        else
        {
            ReadDuckDbTable(start, prefix);
        }

        if (Accept(SqlKeyword.Tablesample))
        {
            ReadSample();
        }
    }

    private void ReadDuckDbTable(int start, int prefix)
    {
        if (prefix < 0)
        {
            ReadTable(start, acceptAlias: true);
            return;
        }

        var (schema, name) = ReadTableName();
        if (IsFailed)
        {
            return;
        }

        if (Is(SqlTokenKind.Dot))
        {
            Refuse("the end of the table name");
        }
        else if (schema < 0 && FindCommonTable(name) is { } common)
        {
            AddCommonTable(common, name, prefix, null);
        }
        else
        {
            AddTable(
                new SqlTableReference(FindTable(schema, name), SqlUse.Select, start, _tokens[_at - 1].End, string.Empty, string.Empty, null),
                name, prefix, null);
        }
    }

    /// <summary>A query in FROM, which may look at what stands before it.</summary>
    private void ReadDuckDbDerived(int scope, int prefix)
    {
        Enter();
        var (names, isOpaque) = ReadDerivedQuery(scope, isLateral: true);
        AddDerived(prefix, names, isOpaque);
        Leave();
    }

    private void ReadDuckDbValues(int prefix)
    {
        Enter();
        var outputs = _lists.Outputs.Count;
        Advance();
        ReadValues();
        var names = OutputNames(outputs);
        _lists.Outputs.RemoveRange(outputs, _lists.Outputs.Count - outputs);
        AddDerived(prefix, names, isOpaque: false);
        Leave();
    }

    private void AddDerived(int prefix, List<string> names, bool isOpaque)
    {
        List<string>? columns = null;
        var alias = prefix >= 0 ? prefix : ReadAlias(out columns);
        _lists.Relations.Add(new SqlRelation
        {
            Alias = alias < 0 || IsFailed ? null : NameOf(alias),
            Columns = Rename(names, columns),
            IsOpaque = isOpaque,
        });
    }

    /// <summary>Of the built-in functions only those that have columns on the list: others of the same name read tables or files.</summary>
    private void ReadDuckDbTableFunction(int scope, int prefix)
    {
        Enter();
        var pending = _lists.Pending.Count;
        var name = _at;
        var function = NameOf(name);
        if (_language.IsBuiltIn(function) && _language.ColumnsOf(function) is null)
        {
            Refuse("a table or another function", "This function can not stand in FROM.");
        }

        Advance();
        _rowSource = name;
        ReadCall(-1, name);
        var isNested = function == "unnest" && HasNamedArgument(name);
        Resolve(pending, scope, _lists.Relations.Count, _lists.Outputs.Count);
        HideFromLevel(pending);
        var hasOrdinality = Is(SqlKeyword.With) && Peek(1).Keyword == SqlKeyword.Ordinality;
        if (hasOrdinality)
        {
            Advance();
            Advance();
        }

        var count = _lists.Relations.Count;
        AddFunctionRelation(name, hasOrdinality);
        if (!IsFailed && _lists.Relations.Count > count && (prefix >= 0 || isNested))
        {
            var relation = _lists.Relations[^1];
            _lists.Relations[^1] = new SqlRelation
            {
                Alias = prefix >= 0 ? NameOf(prefix) : relation.Alias,
                Columns = relation.Columns,
                IsOpaque = relation.IsOpaque || isNested,
            };
        }

        Leave();
    }

    private readonly bool HasNamedArgument(int from)
    {
        for (var i = from; i < _at; i++)
        {
            if (_tokens[i].Kind == SqlTokenKind.Arrow)
            {
                return true;
            }
        }

        return false;
    }
}
