namespace LangGuard.Data;

/// <summary>The outermost statement.</summary>
internal ref partial struct SqlParser
{
    internal static SqlInspection Parse(
        ReadOnlySpan<char> text, ReadOnlySpan<SqlToken> tokens, SqlLanguage language, SqlSchema schema)
    {
        var parser = new SqlParser(text, tokens, language, schema);
        return parser.ReadAll();
    }

    private SqlInspection ReadAll()
    {
        if (Is(SqlTokenKind.End))
        {
            Refuse("a statement", "The text holds no statement.");
        }

        if (_language.IsTSql)
        {
            StartTSql();
        }

        var isExplain = Is(SqlKeyword.Explain);
        if (isExplain)
        {
            ReadExplain();
        }

        var kind = ReadStatement(isExplain);
        if (_language.IsTSql)
        {
            ReadOption();
        }

        var end = _at > 0 ? _tokens[_at - 1].End : 0;
        Accept(SqlTokenKind.Semicolon);
        if (!Is(SqlTokenKind.End))
        {
            Refuse(
                "the end of the statement",
                _at > 0 && _tokens[_at - 1].Kind == SqlTokenKind.Semicolon
                    ? "Only one statement is allowed at a time."
                    : "The statement should end here, or this part of it is not understood.");
        }

        if (isExplain && _lists.Changes.Count > 0)
        {
            RefuseAt(0, "a query", "Only queries can be explained.");
        }

        ResolveRest();
        if (_refusal is not null)
        {
            return new SqlInspection(_refusal);
        }

        return new SqlInspection(ToFacts(isExplain ? SqlStatementKind.Explain : kind, end));
    }

    private readonly SqlFacts ToFacts(SqlStatementKind kind, int end)
    {
        var uses = SqlUse.None;
        foreach (var table in _lists.Tables)
        {
            uses |= table.Use;
        }

        return new SqlFacts
        {
            Dialect = _language.Dialect,
            Kind = kind,
            Tables = _lists.Tables,
            References = _lists.References,
            Functions = _lists.Functions,
            Parameters = _lists.Parameters,
            CommonTables = _lists.CommonTableNames,
            Changes = _lists.Changes,
            Bounds = _lists.Bounds,
            Uses = uses,
            HasWhere = _hasWhere,
            HasLimit = _hasLimit,
            Locks = _locks,
            HasStar = _hasStar,
            ReturnsRows = _returnsRows,
            ResultColumns = kind != SqlStatementKind.Explain && _returnsRows && !_resultIsOpaque && !_hasRowStar ? _resultColumns : -1,
            StarColumns = _lists.StarColumns,
            End = end,
        };
    }

    private SqlStatementKind ReadStatement(bool queryOnly)
    {
        var commonTables = _lists.CommonTables.Count;
        if (Is(SqlKeyword.With))
        {
            ReadWith();
        }

        var kind = SqlStatementKind.Query;
        if (!queryOnly && Is(SqlKeyword.Insert))
        {
            kind = SqlStatementKind.Insert;
            ReadInsert();
        }
        else if (!queryOnly && (_language.IsSqlite || _language.IsMySql) && Is(SqlKeyword.Replace))
        {
            kind = SqlStatementKind.Insert;
            ReadInsert();
        }
        else if (!queryOnly && Is(SqlKeyword.Update))
        {
            kind = SqlStatementKind.Update;
            ReadUpdate();
        }
        else if (!queryOnly && Is(SqlKeyword.Delete))
        {
            kind = SqlStatementKind.Delete;
            ReadDelete();
        }
        else if (StartsQuery(0))
        {
            var first = _lists.Outputs.Count;
            var isOpaque = ReadQueryBody(isOutermost: true);
            _resultColumns = _lists.Outputs.Count - first;
            _lists.StarColumns.AddRange(_lists.Outputs.Skip(first).Where(output => output.IsFromStar && output.Name != SqlOutputColumn.Unnamed).Select(output => output.Name!));
            _resultIsOpaque = isOpaque;
            _lists.Outputs.RemoveRange(first, _resultColumns);
            _returnsRows = true;
        }
        else
        {
            Refuse(queryOnly ? "a query" : "SELECT, VALUES, WITH, INSERT, UPDATE or DELETE",
                "Only queries and changes of rows can be inspected.");
        }

        _lists.CommonTables.RemoveRange(commonTables, _lists.CommonTables.Count - commonTables);
        return kind;
    }

    private void ReadExplain()
    {
        Advance();
        if (_language.IsDuckDb)
        {
            ReadDuckDbExplain();
            return;
        }

        if (_language.IsMySql)
        {
            // ANALYZE runs the statement; a name instead of a query describes a table.
            if (AcceptWord("format"))
            {
                Expect(SqlTokenKind.Equal, "=");
                if (!AcceptWord("json") && !AcceptWord("traditional") && !AcceptWord("tree"))
                {
                    Refuse("JSON, TRADITIONAL or TREE");
                }
            }

            else if (!AcceptWord("extended"))
            {
                AcceptWord("partitions");
            }

            return;
        }

        if (_language.IsSqlite)
        {
            if (Accept(SqlKeyword.Query))
            {
                Expect(SqlKeyword.Plan, "PLAN");
            }

            return;
        }

        if (Is(SqlTokenKind.Open) && !StartsQuery(0))
        {
            Advance();
            do
            {
                ReadExplainOption();
            }
            while (Accept(SqlTokenKind.Comma));
            Expect(SqlTokenKind.Close, ")");
            return;
        }

        Accept(SqlKeyword.Verbose);
    }

    private void ReadExplainOption()
    {
        // ANALYZE runs the statement, SETTINGS and the memory options tell about the server.
        if (AcceptWord("format"))
        {
            if (!AcceptWord("json") && !AcceptWord("text") && !AcceptWord("xml") && !AcceptWord("yaml"))
            {
                Refuse("JSON, TEXT, XML or YAML");
            }
        }
        else if (Accept(SqlKeyword.Verbose) || AcceptWord("costs") || AcceptWord("summary") || AcceptWord("generic_plan"))
        {
            if (!Accept(SqlKeyword.True) && !Accept(SqlKeyword.False) && !Accept(SqlKeyword.On))
            {
                AcceptWord("off");
            }
        }
        else
        {
            Refuse("FORMAT, COSTS, VERBOSE or SUMMARY", "This option of EXPLAIN is not allowed.");
        }
    }
}
