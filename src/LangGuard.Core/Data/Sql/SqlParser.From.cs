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

    private void ReadJoins(int scope)
    {
        Enter();
        var first = _lists.Relations.Count;
        ReadFromItem(scope);
        while (!IsFailed)
        {
            var isNatural = Accept(SqlKeyword.Natural);
            var isCross = false;
            if (Accept(SqlKeyword.Left) || Accept(SqlKeyword.Right) || Accept(SqlKeyword.Full))
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
            else if (!Accept(SqlKeyword.Join))
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
            do
            {
                MergeColumn(left, right);
            }
            while (Accept(SqlTokenKind.Comma));
            Expect(SqlTokenKind.Close, ")");
        }
        else if (_language.IsPostgres)
        {
            Refuse("ON or USING");
        }
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

    private void ReadFromItem(int scope)
    {
        if (++_relationCount > MaxRelations)
        {
            Refuse("fewer tables", "The statement uses too many tables.");
            return;
        }

        var isLateral = _language.IsPostgres && Accept(SqlKeyword.Lateral);
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

        var call = IsName(Current) || IsFunctionKeyword(Current.Keyword)
            ? Peek(1).Kind == SqlTokenKind.Open ? 1
                : Peek(1).Kind == SqlTokenKind.Dot && Peek(3).Kind == SqlTokenKind.Open ? 3 : 0
            : 0;
        if (call > 0)
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
        while (_language.IsSqlite && Accept(SqlTokenKind.Comma))
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
        var alias = ReadAlias(out var columns);
        _lists.Relations.Add(new SqlRelation
        {
            Alias = alias < 0 ? null : NameOf(alias),
            Columns = Rename(names, columns),
            IsOpaque = isOpaque,
        });
        Leave();
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

        if (alias >= 0 && Is(SqlTokenKind.Open) && _language.IsPostgres)
        {
            columns = ReadNames("a column name");
        }

        return IsFailed ? -1 : alias;
    }

    private readonly bool StartsAlias() =>
        IsName(Current)
        && !(Current.Keyword is SqlKeyword.Set or SqlKeyword.Values or SqlKeyword.Tablesample or SqlKeyword.Indexed
            or SqlKeyword.Returning or SqlKeyword.Default or SqlKeyword.Overriding);

    private void ReadTable(int start, bool acceptAlias)
    {
        string? obstacle = null;
        if (_language.IsPostgres && acceptAlias && Accept(SqlKeyword.Only))
        {
            obstacle = "ONLY can not be used here.";
        }

        var name = _at;
        var schema = -1;
        ReadName("a table name");
        if (Accept(SqlTokenKind.Dot))
        {
            schema = name;
            name = _at;
            ReadName("a table name");
        }

        if (IsFailed)
        {
            return;
        }

        // A name with three parts is another database: never resolved.
        if (Is(SqlTokenKind.Dot))
        {
            Refuse("the end of the table name");
            return;
        }

        if (_language.IsPostgres && Accept(SqlTokenKind.Star))
        {
            obstacle = "A star behind a table name can not be used here.";
        }

        var nameEnd = _tokens[_at - 1].End;
        var alias = -1;
        List<string>? columns = null;
        if (acceptAlias)
        {
            alias = ReadAlias(out columns);
        }

        if (IsFailed)
        {
            return;
        }

        var end = _tokens[_at - 1].End;
        obstacle = ReadTableOptions() ?? obstacle;
        if (IsFailed)
        {
            return;
        }

        if (schema < 0 && FindCommonTable(name) is { } common)
        {
            AddCommonTable(common, name, alias, columns);
            return;
        }

        AddTable(new SqlTableReference(
            FindTable(schema, name), SqlUse.Select, start, end, string.Empty,
            nameEnd < end ? new string(_text[nameEnd..end]) : string.Empty, obstacle), name, alias, columns);
    }

    private string? ReadTableOptions()
    {
        if (_language.IsSqlite)
        {
            if (Accept(SqlKeyword.Indexed))
            {
                Expect(SqlKeyword.By, "BY");
                ReadName("the name of an index");
                return "INDEXED BY can not be used here.";
            }

            if (Is(SqlKeyword.Not) && Peek(1).Keyword == SqlKeyword.Indexed)
            {
                Advance();
                Advance();
                return "NOT INDEXED can not be used here.";
            }

            return null;
        }

        if (!Accept(SqlKeyword.Tablesample))
        {
            return null;
        }

        if (!AcceptWord("bernoulli") && !Accept(SqlKeyword.System))
        {
            Refuse("BERNOULLI or SYSTEM");
        }

        Expect(SqlTokenKind.Open, "(");
        ReadExpression();
        Expect(SqlTokenKind.Close, ")");
        if (Accept(SqlKeyword.Repeatable))
        {
            Expect(SqlTokenKind.Open, "(");
            ReadExpression();
            Expect(SqlTokenKind.Close, ")");
        }

        return "TABLESAMPLE can not be used here.";
    }

    private void AddCommonTable(SqlCommonTable common, int name, int alias, List<string>? columns)
    {
        if (common.Columns is null)
        {
            RefuseAt(_tokens[name].Start, "another table", "A name of WITH reads itself before its columns are known.");
            return;
        }

        _lists.Relations.Add(new SqlRelation
        {
            Alias = NameOf(alias < 0 ? name : alias),
            Columns = columns is null ? common.Columns : Rename([.. common.Columns], columns),
            IsOpaque = common.IsOpaque,
        });
    }

    private void AddTable(in SqlTableReference reference, int name, int alias, List<string>? columns)
    {
        var use = reference.Use;
        use.Add(reference.Role);
        var aliasName = NameOf(alias < 0 ? name : alias);
        _lists.References.Add(reference with { Alias = aliasName });
        _lists.Relations.Add(new SqlRelation
        {
            Alias = aliasName,
            Use = use,
            IsPlain = alias < 0,
            Columns = columns is null ? null : Rename([.. use.Table?.Columns ?? []], columns),
            IsOpaque = use.Table is null or { IsCatalog: true },
        });
    }

    private SqlCommonTable? FindCommonTable(int name)
    {
        if (_lists.CommonTables.Count == 0)
        {
            return null;
        }

        Span<char> buffer = stackalloc char[SqlLanguage.MaxNameLength];
        var spelling = buffer[..CopyName(name, buffer)];
        for (var i = _lists.CommonTables.Count - 1; i >= 0; i--)
        {
            if (spelling.SequenceEqual(_lists.CommonTables[i].Name))
            {
                return _lists.CommonTables[i];
            }
        }

        return null;
    }

    /// <summary>The entry of a table among the facts, made when it is named first.</summary>
    private SqlTableUse FindTable(int schemaToken, int nameToken)
    {
        Span<char> schemaBuffer = stackalloc char[SqlLanguage.MaxNameLength];
        Span<char> nameBuffer = stackalloc char[SqlLanguage.MaxNameLength];
        var schema = schemaBuffer[..(schemaToken < 0 ? 0 : CopyName(schemaToken, schemaBuffer))];
        var name = nameBuffer[..CopyName(nameToken, nameBuffer)];
        var table = _schema.Find(schema, name) ?? FindKnownCatalog(schema, name);
        foreach (var known in _lists.Tables)
        {
            if (ReferenceEquals(known.Table, table)
                && (table is not null
                    || (name.SequenceEqual(known.Name) && schema.SequenceEqual(known.Schema ?? string.Empty))))
            {
                return known;
            }
        }

        var use = new SqlTableUse(
            table?.Schema ?? (schema.IsEmpty ? null : new string(schema)), table?.Name ?? new string(name), table);
        _lists.Tables.Add(use);
        return use;
    }

    /// <summary>A catalog of the engine, as this statement named it before or for the first time.</summary>
    private readonly SqlTable? FindKnownCatalog(ReadOnlySpan<char> schema, ReadOnlySpan<char> name)
    {
        var table = FindCatalog(schema, name);
        if (table is not null)
        {
            foreach (var known in _lists.Tables)
            {
                if (known.Table is { IsCatalog: true } other && other.Name == table.Name && other.Schema == table.Schema)
                {
                    return other;
                }
            }
        }

        return table;
    }

    private readonly SqlTable? FindCatalog(ReadOnlySpan<char> schema, ReadOnlySpan<char> name)
    {
        if (_language.IsSqlite)
        {
            return name.StartsWith("sqlite_", StringComparison.Ordinal) && (schema.IsEmpty || schema is "main")
                ? SqlTable.Catalog("main", new string(name))
                : null;
        }

        if (schema is "information_schema" or "pg_catalog")
        {
            return SqlTable.Catalog(new string(schema), new string(name));
        }

        return schema.IsEmpty && name.StartsWith("pg_", StringComparison.Ordinal)
            ? SqlTable.Catalog("pg_catalog", new string(name))
            : null;
    }

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
            else if (!Is(SqlTokenKind.Open) || !_language.IsPostgres)
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

        if (!_language.IsPostgres || !Accept(SqlTokenKind.Open))
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
