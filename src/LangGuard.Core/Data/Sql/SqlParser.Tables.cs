namespace LangGuard.Data;

/// <summary>Names of tables, and what they stand for.</summary>
internal ref partial struct SqlParser
{
    /// <summary><c>schema.name</c>, or a name alone.</summary>
    /// <returns>Where they stand; -1 without a schema.</returns>
    private (int Schema, int Name) ReadTableName()
    {
        var name = _at;
        ReadName("a table name");
        if (!Accept(SqlTokenKind.Dot))
        {
            return (-1, name);
        }

        var schema = name;
        name = _at;
        ReadName("a table name");
        return (schema, name);
    }

    private void ReadTable(int start, bool acceptAlias)
    {
        string? obstacle = null;
        if (_language.IsPostgres && acceptAlias && Accept(SqlKeyword.Only))
        {
            obstacle = "ONLY can not be used here.";
        }

        var (schema, name) = ReadTableName();
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
        if (_language.IsTSql)
        {
            return ReadTSqlTableOptions();
        }

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

        if (_language.IsMySql)
        {
            return ReadMySqlIndexHints();
        }

        if (_language.IsDuckDb || !Accept(SqlKeyword.Tablesample))
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

        _sources = Math.Max(_sources, common.Growth);
        if (common.Level >= 0)
        {
            common.IsRead = true;
            common.IsReadInside |= _level > common.Level || _expressions > 0;
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

        if (_language.IsTSql)
        {
            return schema is "information_schema" or "sys" || name.StartsWith("sys", StringComparison.Ordinal)
                ? SqlTable.Catalog(schema.IsEmpty ? _schema.DefaultSchema : new string(schema), new string(name))
                : null;
        }

        if (_language.IsMySql)
        {
            return schema is "information_schema" or "mysql" or "performance_schema" or "sys"
                ? SqlTable.Catalog(new string(schema), new string(name))
                : null;
        }

        if (_language.IsDuckDb && schema.IsEmpty && (name.StartsWith("duckdb_", StringComparison.Ordinal) || name.StartsWith("sqlite_", StringComparison.Ordinal)))
        {
            return SqlTable.Catalog(_schema.DefaultSchema, new string(name));
        }

        if (schema is "information_schema" or "pg_catalog")
        {
            return SqlTable.Catalog(new string(schema), new string(name));
        }

        return schema.IsEmpty && name.StartsWith("pg_", StringComparison.Ordinal)
            ? SqlTable.Catalog("pg_catalog", new string(name))
            : null;
    }
}
