namespace LangGuard.Data;

/// <summary>Queries: SELECT, VALUES, TABLE, set operations, and what follows them.</summary>
internal ref partial struct SqlParser
{
    /// <summary>The places on the stacks where one query's own names begin.</summary>
    private struct QueryScope
    {
        internal int Relations;
        internal int Pending;
        internal int Outputs;
        internal bool IsOpen;
        internal int First;
        internal int Items;
        internal int Growths;
        internal long Joined;
        internal long Sources;
        internal int Expressions;
        internal int FirstName;
        internal bool IsOpaque;
    }

    private readonly bool StartsQuery(int offset)
    {
        var token = Peek(offset);
        while (token.Kind == SqlTokenKind.Open)
        {
            token = Peek(++offset);
        }

        if (_language.IsDuckDb && StartsDuckDbQuery(token))
        {
            return true;
        }

        return token.Keyword switch
        {
            SqlKeyword.Select or SqlKeyword.With => true,
            SqlKeyword.Values => Peek(offset + 1).Kind == SqlTokenKind.Open,
            SqlKeyword.Table => _language.IsPostgresLike,
            _ => false,
        };
    }

    /// <summary>Reads a query with its WITH. Its result list stays on the stack of outputs.</summary>
    /// <returns>Whether it may have columns that are not known.</returns>
    private bool ReadQuery()
    {
        Enter();
        var commonTables = _lists.CommonTables.Count;
        if (Is(SqlKeyword.With))
        {
            if (_language.IsTSql)
            {
                Refuse("SELECT", "WITH stands only at the start of a statement.");
            }

            ReadWith();
        }

        var isOpaque = ReadQueryBody(isOutermost: false);
        _lists.CommonTables.RemoveRange(commonTables, _lists.CommonTables.Count - commonTables);
        Leave();
        return isOpaque;
    }

    private bool ReadQueryBody(bool isOutermost)
    {
        Enter();
        var recursive = _recursiveTable;
        _recursiveTable = null;
        if (recursive is not null)
        {
            recursive.Level = _level + 1;
        }

        var scope = ReadArm();
        if (recursive is { Columns: null })
        {
            recursive.Columns = OutputNames(scope.Outputs);
            recursive.IsOpaque = scope.IsOpaque;
        }

        var isCompound = !scope.IsOpen;
        while (Is(SqlKeyword.Union) || Is(SqlKeyword.Intersect) || Is(SqlKeyword.Except))
        {
            Advance();
            if (!Accept(SqlKeyword.All))
            {
                Accept(SqlKeyword.Distinct);
            }

            var isByName = AcceptByName();

            isCompound = true;
            Close(ref scope);
            var (first, sources) = (_at, _sources);
            _sources = 1;
            var arm = ReadArm();
            CheckRecursion(recursive, arm, first);
            Close(ref arm);
            _sources = Math.Max(_sources, sources);
            if (isByName)
            {
                AddByName(ref scope, arm);
            }
            else
            {
                _lists.Outputs.RemoveRange(arm.Outputs, _lists.Outputs.Count - arm.Outputs);
            }
        }

        ReadOrderBy(scope, isCompound);
        ReadLimits(isOutermost);
        if (_language.IsTSql)
        {
            ReadForJson(ref scope);
        }
        else
        {
            ReadLocks();
        }

        Close(ref scope);
        Leave();
        return scope.IsOpaque;
    }

    private QueryScope ReadArm()
    {
        if (Is(SqlTokenKind.Open) && !_language.IsSqlite)
        {
            var nested = new QueryScope { Outputs = _lists.Outputs.Count };
            Advance();
            nested.IsOpaque = ReadQuery();
            Expect(SqlTokenKind.Close, ")");
            return nested;
        }

        var scope = Open();
        if (_language.IsDuckDb)
        {
            ReadDuckDbArm(ref scope);
        }
        else if (Accept(SqlKeyword.Select))
        {
            ReadSelect(ref scope);
        }
        else if (Accept(SqlKeyword.Values))
        {
            ReadValues();
        }
        else if (_language.IsPostgres && Is(SqlKeyword.Table))
        {
            ReadTableCommand(ref scope);
        }
        else
        {
            Refuse("SELECT or VALUES");
        }

        return scope;
    }

    private QueryScope Open()
    {
        _level++;
        var scope = new QueryScope
        {
            Relations = _lists.Relations.Count,
            Pending = _lists.Pending.Count,
            Outputs = _lists.Outputs.Count,
            Items = _lists.Items.Count,
            IsOpen = true,
        };
        BeginGrowth(ref scope);
        return scope;
    }

    /// <summary>Resolves what the query's own FROM can resolve; the rest waits for the query around it.</summary>
    private void Close(ref QueryScope scope)
    {
        if (!scope.IsOpen)
        {
            return;
        }

        Resolve(scope.Pending, scope.Relations, _lists.Relations.Count, scope.Outputs);
        EndGrowth(scope);
        _lists.Items.RemoveRange(scope.Items, _lists.Items.Count - scope.Items);
        _level--;
        var pending = _lists.Pending;
        for (var i = scope.Pending; i < pending.Count; i++)
        {
            var reference = pending[i];
            reference.Level = Math.Min(reference.Level, _level);
            reference.Aliases = _aliasRule == SqlAliasRule.BeforeColumns ? SqlAliasRule.AfterColumns : _aliasRule;
            if (_language.IsDuckDb)
            {
                reference.Aliases = SqlAliasRule.Both;
            }
            else if (!_language.IsSqlite)
            {
                reference.Aliases = SqlAliasRule.No;
            }

            pending[i] = reference;
        }

        _lists.Relations.RemoveRange(scope.Relations, _lists.Relations.Count - scope.Relations);
        scope.IsOpen = false;
    }

    private void ReadSelect(ref QueryScope scope)
    {
        var rule = _aliasRule;
        _aliasRule = SqlAliasRule.No;
        if (_language.IsMySql)
        {
            ReadMySqlSelectOptions();
        }
        else if (Accept(SqlKeyword.Distinct))
        {
            if (_language.IsPostgres && Accept(SqlKeyword.On))
            {
                Expect(SqlTokenKind.Open, "(");
                ReadOrderedNames();
                Expect(SqlTokenKind.Close, ")");
            }
        }
        else
        {
            Accept(SqlKeyword.All);
        }

        if (_language.IsTSql)
        {
            ReadTop();
        }

        // PostgreSQL allows rows without columns, as in EXISTS (SELECT FROM t).
        if (!(_language.IsPostgres && Is(SqlKeyword.From)))
        {
            do
            {
                ReadSelectItem();
            }
            while (Accept(SqlTokenKind.Comma));
        }

        if (Is(SqlKeyword.Into))
        {
            Refuse("FROM", "SELECT INTO creates a table and is not allowed.");
        }

        var onRule = _language.IsSqlite ? SqlAliasRule.AfterColumns : SqlAliasRule.No;
        _aliasRule = onRule;
        if (Accept(SqlKeyword.From))
        {
            ReadFrom(scope.Relations);
        }

        ExpandStars(ref scope);
        if (Accept(SqlKeyword.Where))
        {
            ReadExpression();
        }

        if (Is(SqlKeyword.Group))
        {
            Advance();
            Expect(SqlKeyword.By, "BY");
            ReadGroupBy();
        }

        _aliasRule = _language.IsMySql ? SqlAliasRule.Both : onRule;
        ReadHavingAndWindows();

        _aliasRule = rule;
    }

    private void ReadHavingAndWindows()
    {
        if (Accept(SqlKeyword.Having))
        {
            ReadExpression();
        }

        if (Accept(SqlKeyword.Window))
        {
            do
            {
                ReadName("the name of a window");
                Expect(SqlKeyword.As, "AS");
                ReadWindow();
            }
            while (Accept(SqlTokenKind.Comma));
        }
    }

    private void ReadValues()
    {
        var width = 0;
        do
        {
            Expect(SqlTokenKind.Open, "(");
            var columns = 0;
            do
            {
                ReadExpression();
                columns++;
            }
            while (Accept(SqlTokenKind.Comma));
            Expect(SqlTokenKind.Close, ")");
            width = Math.Max(width, columns);
        }
        while (Accept(SqlTokenKind.Comma));

        for (var i = 1; i <= width && !IsFailed; i++)
        {
            _lists.Outputs.Add(_language.LooksFurther ? new SqlOutputColumn(SqlOutputColumn.Unnamed, -1) : new SqlOutputColumn(
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(_language.IsDuckDb ? "col" : "column")}{(_language.IsDuckDb ? i - 1 : i)}"), -1));
        }
    }

    private void ReadTableCommand(ref QueryScope scope)
    {
        var start = Current.Start;
        Advance();
        Accept(SqlKeyword.Only);
        var count = _lists.References.Count;
        ReadTable(start, acceptAlias: false);
        if (!IsFailed && _lists.References.Count > count)
        {
            var reference = _lists.References[^1];
            _lists.References[^1] = reference with
            {
                Obstacle = "TABLE can not be used here; write SELECT * FROM and the table.",
            };
        }

        _lists.Outputs.Add(new SqlOutputColumn(null, -1, IsStar: true));
        _hasStar = true;
        ExpandStars(ref scope);
    }
}
