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
        internal bool IsOpaque;
    }

    private readonly bool StartsQuery(int offset)
    {
        var token = Peek(offset);
        while (token.Kind == SqlTokenKind.Open)
        {
            token = Peek(++offset);
        }

        return token.Keyword switch
        {
            SqlKeyword.Select or SqlKeyword.With => true,
            SqlKeyword.Values => Peek(offset + 1).Kind == SqlTokenKind.Open,
            SqlKeyword.Table => _language.IsPostgres,
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

            isCompound = true;
            Close(ref scope);
            var arm = ReadArm();
            Close(ref arm);
            _lists.Outputs.RemoveRange(arm.Outputs, _lists.Outputs.Count - arm.Outputs);
        }

        ReadOrderBy(scope, isCompound);
        ReadLimits(isOutermost);
        ReadLocks();
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
        if (Accept(SqlKeyword.Select))
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
        return new QueryScope
        {
            Relations = _lists.Relations.Count,
            Pending = _lists.Pending.Count,
            Outputs = _lists.Outputs.Count,
            IsOpen = true,
        };
    }

    /// <summary>Resolves what the query's own FROM can resolve; the rest waits for the query around it.</summary>
    private void Close(ref QueryScope scope)
    {
        if (!scope.IsOpen)
        {
            return;
        }

        Resolve(scope.Pending, scope.Relations, _lists.Relations.Count, scope.Outputs);
        _level--;
        var pending = _lists.Pending;
        for (var i = scope.Pending; i < pending.Count; i++)
        {
            var reference = pending[i];
            reference.Level = Math.Min(reference.Level, _level);
            reference.Aliases = _aliasRule == SqlAliasRule.BeforeColumns ? SqlAliasRule.AfterColumns : _aliasRule;
            if (!_language.IsSqlite)
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
        if (Accept(SqlKeyword.Distinct))
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

        _aliasRule = onRule;
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

        _aliasRule = rule;
    }

    private void ReadSelectItem()
    {
        var outputs = _lists.Outputs;
        if (outputs.Count > _tokens.Length + MaxColumns)
        {
            Refuse("fewer columns", "The query has too many columns.");
            return;
        }

        if (Accept(SqlTokenKind.Star))
        {
            outputs.Add(new SqlOutputColumn(null, -1, IsStar: true));
            _hasStar = true;
            return;
        }

        if (QualifiedStarLength() is var length and > 0)
        {
            outputs.Add(length == 3
                ? new SqlOutputColumn(null, _at, IsStar: true)
                : new SqlOutputColumn(null, _at + 2, IsStar: true, Schema: _at));
            _at += length;
            _hasStar = true;
            return;
        }

        var first = _at;
        ReadExpression();
        var last = _at - 1;
        if (Accept(SqlKeyword.As))
        {
            // After AS every word is a name, and in SQLite a text is one, too.
            if (Is(SqlTokenKind.Word) || Is(SqlTokenKind.QuotedName) || IsTextName())
            {
                outputs.Add(new SqlOutputColumn(null, _at));
                Advance();
            }
            else
            {
                Refuse("a name");
            }
        }
        else if (IsName(Current) && !IsBareAliasExcluded(Current.Keyword))
        {
            outputs.Add(new SqlOutputColumn(null, _at));
            Advance();
        }
        else
        {
            outputs.Add(NameExpression(first, last));
        }
    }

    private readonly bool IsTextName() =>
        _language.IsSqlite && Is(SqlTokenKind.Text) && TextOf(Current) is ['\'', _, .., '\''] and not "''";

    /// <summary>How many tokens <c>t.*</c> or <c>s.t.*</c> takes here, or 0.</summary>
    private readonly int QualifiedStarLength()
    {
        if (!IsName(Current) || Peek(1).Kind != SqlTokenKind.Dot)
        {
            return 0;
        }

        if (Peek(2).Kind == SqlTokenKind.Star)
        {
            return 3;
        }

        return IsName(Peek(2)) && Peek(3).Kind == SqlTokenKind.Dot && Peek(4).Kind == SqlTokenKind.Star ? 5 : 0;
    }

    /// <summary>Words that continue an expression and so are no alias without AS.</summary>
    private static bool IsBareAliasExcluded(SqlKeyword keyword) => keyword is
        SqlKeyword.Filter or SqlKeyword.Over or SqlKeyword.Within or SqlKeyword.Without or SqlKeyword.Precision
        or SqlKeyword.Varying or SqlKeyword.Year or SqlKeyword.Month or SqlKeyword.Day or SqlKeyword.Hour
        or SqlKeyword.Minute or SqlKeyword.Second or SqlKeyword.Overlaps or SqlKeyword.Isnull or SqlKeyword.Notnull;

    /// <summary>The name that the engine gives to an expression without one.</summary>
    private readonly SqlOutputColumn NameExpression(int first, int last)
    {
        if (last < first || IsFailed)
        {
            return new SqlOutputColumn("?column?", -1);
        }

        // a, t.a and s.t.a are named a.
        if (IsName(_tokens[last]) && (first == last || _tokens[last - 1].Kind == SqlTokenKind.Dot) && IsChain(first, last))
        {
            return new SqlOutputColumn(null, last);
        }

        if (_language.IsSqlite)
        {
            return new SqlOutputColumn(
                SqlNames.Fold(new string(_text[_tokens[first].Start.._tokens[last].End])), -1, End: _tokens[last].End);
        }

        return PostgresName(first, last);
    }

    private readonly bool IsChain(int first, int last)
    {
        for (var i = first; i < last; i += 2)
        {
            if (!IsName(_tokens[i]) || _tokens[i + 1].Kind != SqlTokenKind.Dot)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>PostgreSQL names a call by its function, a cast of a column by the column, CASE by its ELSE.</summary>
    private readonly SqlOutputColumn PostgresName(int first, int last)
    {
        while (first < last && _tokens[first].Kind == SqlTokenKind.Open && _tokens[last].Kind == SqlTokenKind.Close)
        {
            first++;
            last--;
        }

        // Look through casts at the end: a::int is named a.
        for (var i = last; i > first; i--)
        {
            if (_tokens[i].Kind == SqlTokenKind.Cast && IsName(_tokens[i - 1]) && IsChain(first, i - 1))
            {
                return new SqlOutputColumn(null, i - 1);
            }
        }

        if (_tokens[first].Keyword == SqlKeyword.Case)
        {
            return new SqlOutputColumn("case", -1);
        }

        for (var i = first; i <= last && i < first + 4; i++)
        {
            if (_tokens[i].Kind == SqlTokenKind.Open && i > first && _tokens[i - 1].Kind == SqlTokenKind.Word)
            {
                return new SqlOutputColumn(null, i - 1);
            }
        }

        return first == last && _tokens[first].Kind == SqlTokenKind.Word
            ? new SqlOutputColumn(null, first)
            : new SqlOutputColumn("?column?", -1);
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
            _lists.Outputs.Add(new SqlOutputColumn(
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"column{i}"), -1));
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
    }

    private void ReadGroupingElement()
    {
        if (_language.IsPostgres && (Is(SqlKeyword.Rollup) || Is(SqlKeyword.Cube)) && Peek(1).Kind == SqlTokenKind.Open)
        {
            Advance();
            Advance();
            ReadElements();
            return;
        }

        if (_language.IsPostgres && Is(SqlKeyword.Grouping) && Peek(1).Keyword == SqlKeyword.Sets)
        {
            Advance();
            Advance();
            Expect(SqlTokenKind.Open, "(");
            ReadElements();
            return;
        }

        if (_language.IsPostgres && Is(SqlTokenKind.Open) && Peek(1).Kind == SqlTokenKind.Close)
        {
            Advance();
            Advance();
            return;
        }

        ReadOrderedName(SqlAliasRule.AfterColumns);
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
        if (isAlone)
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
        if (Accept(SqlTokenKind.Number) || Accept(SqlTokenKind.Parameter))
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

        if (Accept(SqlKeyword.Nulls) && !Accept(SqlKeyword.First))
        {
            Expect(SqlKeyword.Last, "FIRST or LAST");
        }
    }

    private void ReadLimits(bool isOutermost)
    {
        while (true)
        {
            if (Accept(SqlKeyword.Limit))
            {
                if (!Accept(SqlKeyword.All))
                {
                    ReadExpression();
                }

                if (_language.IsSqlite && Accept(SqlTokenKind.Comma))
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
            else if (_language.IsPostgres && Accept(SqlKeyword.Fetch))
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
        if (_language.IsPostgres && Is(SqlKeyword.For))
        {
            _locks = true;
            Refuse("the end of the query", "Locking rows is not allowed; leave out FOR.");
        }
    }
}
