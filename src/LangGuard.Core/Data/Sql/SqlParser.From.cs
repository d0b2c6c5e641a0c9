namespace LangGuard.Data;

/// <summary>FROM: tables, queries, functions and joins.</summary>
internal ref partial struct SqlParser
{
    private void ReadFrom(int scope)
    {
        do
        {
            ReadJoins(scope);
        }
        while (Accept(SqlTokenKind.Comma));
    }

    /// <summary>Makes names that are still open skip the query that is being read.</summary>
    private readonly void HideFromLevel(int pending)
    {
        for (var i = pending; i < _lists.Pending.Count; i++)
        {
            var reference = _lists.Pending[i];
            reference.Level = Math.Min(reference.Level, _level - 1);
            _lists.Pending[i] = reference;
        }
    }

    private void ReadFromItem(int scope)
    {
        if (++_relationCount > MaxRelations)
        {
            Refuse("fewer tables", "The statement uses too many tables.");
            return;
        }

        var isLateral = (_language.IsPostgres || (_language.IsMySql && Peek(1).Kind == SqlTokenKind.Open)) && Accept(SqlKeyword.Lateral);
        if (Is(SqlTokenKind.Open))
        {
            if (Peek(1).Kind != SqlTokenKind.Open ? StartsQuery(1) : StartsNestedQuery())
            {
                ReadDerived(scope, isLateral);
            }
            else if (isLateral)
            {
                Refuse("a query");
            }
            else
            {
                ReadJoinGroup(scope);
            }

            return;
        }

        if (_language.IsPostgres && Is(SqlKeyword.Rows) && Peek(1).Keyword == SqlKeyword.From)
        {
            ReadRowsFrom(scope);
            return;
        }

        if (_language.IsPostgres && Is(SqlKeyword.Xmltable) && Peek(1).Kind == SqlTokenKind.Open)
        {
            ReadXmlTable(scope);
            return;
        }

        var call = IsName(Current) || IsFunctionKeyword(Current.Keyword)
            ? Peek(1).Kind == SqlTokenKind.Open ? 1
                : Peek(1).Kind == SqlTokenKind.Dot && Peek(3).Kind == SqlTokenKind.Open ? 3 : 0
            : 0;
        if (_language.IsMySql)
        {
            if (IsWord(Current, "dual"))
            {
                Advance();
            }
            else if (IsWord(Current, "json_table") && Peek(1).Kind == SqlTokenKind.Open)
            {
                ReadJsonTable();
            }
            else
            {
                ReadTable(Current.Start, acceptAlias: true);
            }
        }
        else if (call > 0)
        {
            ReadTableFunction(scope);
        }
        else if (isLateral)
        {
            Refuse("a query or a function");
        }
        else
        {
            ReadTable(Current.Start, acceptAlias: true);
        }
    }

    /// <summary>Whether <c>((SELECT ...</c> begins a query rather than a join whose first side is one.</summary>
    private readonly bool StartsNestedQuery()
    {
        if (!StartsQuery(1))
        {
            return false;
        }

        // Find what follows the query in the inner parentheses: a set operation keeps it a query.
        var depth = 0;
        for (var i = _at + 1; i < _tokens.Length; i++)
        {
            if (_tokens[i].Kind == SqlTokenKind.Open)
            {
                depth++;
            }
            else if (_tokens[i].Kind == SqlTokenKind.Close && --depth == 0)
            {
                var next = _tokens[i + 1];
                return next.Kind == SqlTokenKind.Close
                    || next.Keyword is SqlKeyword.Union or SqlKeyword.Except or SqlKeyword.Intersect or SqlKeyword.Order
                        or SqlKeyword.Limit or SqlKeyword.Offset or SqlKeyword.Fetch;
            }
        }

        return true;
    }

    private void ReadJoinGroup(int scope)
    {
        Enter();
        Advance();
        ReadJoins(scope);
        while (!_language.IsPostgresLike && Accept(SqlTokenKind.Comma))
        {
            ReadJoins(scope);
        }

        Expect(SqlTokenKind.Close, ")");
        Leave();
        if (Is(SqlKeyword.As) || StartsAlias())
        {
            Refuse("JOIN, WHERE or the end", "An alias for a join in parentheses is not understood.");
        }
    }

    private void ReadDerived(int scope, bool isLateral)
    {
        Enter();
        var (names, isOpaque) = ReadDerivedQuery(scope, isLateral);
        var alias = ReadAlias(out var columns);
        if (_language.IsTSql && alias >= 0 && Is(SqlTokenKind.Open))
        {
            columns = ReadNames("a column name");
        }

        _lists.Relations.Add(new SqlRelation
        {
            Alias = alias < 0 ? null : NameOf(alias),
            Columns = Rename(names, columns),
            IsOpaque = isOpaque,
        });
        Leave();
    }

    /// <summary>Reads a query in parentheses up to behind them.</summary>
    /// <param name="scope">Where the relations begin that it may look at when it is lateral.</param>
    /// <param name="isLateral">Whether it may look at what stands before it.</param>
    private (List<string> Names, bool IsOpaque) ReadDerivedQuery(int scope, bool isLateral)
    {
        var outputs = _lists.Outputs.Count;
        var pending = _lists.Pending.Count;
        var rule = _aliasRule;
        _aliasRule = SqlAliasRule.No;
        Advance();
        var isOpaque = ReadQuery();
        Expect(SqlTokenKind.Close, ")");
        _aliasRule = rule;
        if (isLateral)
        {
            Resolve(pending, scope, _lists.Relations.Count, _lists.Outputs.Count);
        }

        HideFromLevel(pending);
        var names = OutputNames(outputs);
        _lists.Outputs.RemoveRange(outputs, _lists.Outputs.Count - outputs);
        return (names, isOpaque);
    }

    /// <returns>The token of the alias, or -1.</returns>
    private int ReadAlias(out List<string>? columns)
    {
        columns = null;
        var alias = -1;
        if (Accept(SqlKeyword.As))
        {
            alias = _at;
            ReadName("an alias");
        }
        else if (StartsAlias())
        {
            alias = _at;
            Advance();
        }

        if (alias >= 0 && Is(SqlTokenKind.Open) && _language.IsPostgresLike)
        {
            columns = ReadNames("a column name");
        }

        return IsFailed ? -1 : alias;
    }

    private readonly bool StartsAlias() =>
        IsName(Current)
        && !(_language.IsTSql && IsOneOf(StatementWords))
        && !(Current.Keyword is SqlKeyword.Set or SqlKeyword.Values or SqlKeyword.Tablesample or SqlKeyword.Indexed
            or SqlKeyword.Returning or SqlKeyword.Default or SqlKeyword.Overriding);

    private void ReadTableFunction(int scope)
    {
        Enter();
        var pending = _lists.Pending.Count;
        var name = Peek(1).Kind == SqlTokenKind.Dot ? _at + 2 : _at;
        var isCast = Is(SqlKeyword.Cast);
        ReadOperand();
        if (isCast)
        {
            Refuse("a table or a function");
        }

        // PostgreSQL lets a function see what stands to its left, SQLite everything in FROM.
        if (_language.IsPostgres)
        {
            Resolve(pending, scope, _lists.Relations.Count, _lists.Outputs.Count);
            HideFromLevel(pending);
        }

        var hasOrdinality = false;
        if (_language.IsPostgres && Is(SqlKeyword.With) && Peek(1).Keyword == SqlKeyword.Ordinality)
        {
            Advance();
            Advance();
            hasOrdinality = true;
        }

        AddFunctionRelation(name, hasOrdinality);
        Leave();
    }

    private void AddFunctionRelation(int name, bool hasOrdinality)
    {
        var alias = ReadFunctionAlias(out var columns);
        if (IsFailed)
        {
            return;
        }

        var function = NameOf(name);
        var own = _language.ColumnsOf(function);
        var isOpaque = own is ["*"] || !_language.IsBuiltIn(function);
        var aliasName = alias < 0 ? function : NameOf(alias);
        List<string> names = own is null or ["*"] ? [aliasName] : [.. own];
        if (hasOrdinality)
        {
            names.Add("ordinality");
        }

        _lists.Relations.Add(new SqlRelation
        {
            Alias = aliasName,
            Columns = Rename(names, columns),
            HiddenColumns = own is null ? 0 : own.Count(column => column is "json" or "root"),
            IsOpaque = isOpaque && columns is null,
        });
    }

    /// <summary>An alias that may give the columns their types, as functions without a fixed result need.</summary>
    private int ReadFunctionAlias(out List<string>? columns)
    {
        columns = null;
        var alias = -1;
        if (Accept(SqlKeyword.As))
        {
            if (IsName(Current))
            {
                alias = _at;
                Advance();
            }
            else if (!Is(SqlTokenKind.Open) || !_language.IsPostgresLike)
            {
                Refuse("an alias");
            }
        }
        else if (StartsAlias())
        {
            alias = _at;
            Advance();
        }
        else
        {
            return -1;
        }

        if (!_language.IsPostgresLike || !Accept(SqlTokenKind.Open))
        {
            return IsFailed ? -1 : alias;
        }

        columns = [];
        do
        {
            var at = _at;
            ReadName("a column name");
            if (!IsFailed)
            {
                columns.Add(NameOf(at));
            }

            if (!Is(SqlTokenKind.Comma) && !Is(SqlTokenKind.Close))
            {
                ReadType();
            }
        }
        while (Accept(SqlTokenKind.Comma));
        Expect(SqlTokenKind.Close, ")");
        return IsFailed ? -1 : alias;
    }

    private void ReadRowsFrom(int scope)
    {
        Enter();
        Advance();
        Advance();
        var pending = _lists.Pending.Count;
        Expect(SqlTokenKind.Open, "(");
        do
        {
            ReadOperand();
            if (Accept(SqlKeyword.As))
            {
                Expect(SqlTokenKind.Open, "(");
                do
                {
                    ReadName("a column name");
                    ReadType();
                }
                while (Accept(SqlTokenKind.Comma));
                Expect(SqlTokenKind.Close, ")");
            }
        }
        while (Accept(SqlTokenKind.Comma));
        Expect(SqlTokenKind.Close, ")");
        Resolve(pending, scope, _lists.Relations.Count, _lists.Outputs.Count);
        HideFromLevel(pending);
        if (Is(SqlKeyword.With) && Peek(1).Keyword == SqlKeyword.Ordinality)
        {
            Advance();
            Advance();
        }

        var alias = ReadAlias(out var columns);
        _lists.Relations.Add(new SqlRelation
        {
            Alias = alias < 0 ? null : NameOf(alias),
            Columns = (IReadOnlyList<string>?)columns ?? [],
            IsOpaque = true,
        });
        Leave();
    }
}
