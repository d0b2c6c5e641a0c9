namespace LangGuard.Data;

/// <summary>WITH.</summary>
internal ref partial struct SqlParser
{
    private void ReadWith()
    {
        Enter();
        Advance();

        // SQLite lets every name of WITH see itself, with or without the word.
        var isRecursive = _language.IsTSql || Accept(SqlKeyword.Recursive) || _language.IsSqlite;
        do
        {
            ReadCommonTable(isRecursive);
        }
        while (Accept(SqlTokenKind.Comma));
        Leave();
    }

    private void ReadCommonTable(bool isRecursive)
    {
        var at = _at;
        ReadName("a name");
        if (IsFailed)
        {
            return;
        }

        var name = NameOf(at);
        if (_language.IsSqlite && _schema.Find([], name) is { IsView: true })
        {
            // The engine's own check reports what a view reads by the view's name alone, and a WITH name looks the same.
            RefuseAt(_tokens[at].Start, "another name", "A view has the name that WITH gives here.");
            return;
        }

        if (_language.LooksFurther && _schema.Find([], name) is not null)
        {
            // Whether Orders and orders are the same name depends on the server.
            RefuseAt(_tokens[at].Start, "another name", "A table has the name that WITH gives here.");
            return;
        }

        List<string>? columns = null;
        if (Is(SqlTokenKind.Open))
        {
            columns = ReadNames("a column name");
        }

        Expect(SqlKeyword.As, "AS");
        if (Accept(SqlKeyword.Not))
        {
            Expect(SqlKeyword.Materialized, "MATERIALIZED");
        }
        else
        {
            Accept(SqlKeyword.Materialized);
        }

        Expect(SqlTokenKind.Open, "(");
        var table = new SqlCommonTable(name, columns);
        _lists.CommonTableNames.Add(name);
        if (isRecursive)
        {
            _lists.CommonTables.Add(table);
        }

        var outputs = _lists.Outputs.Count;
        var rule = _aliasRule;
        _aliasRule = SqlAliasRule.No;
        var (sources, expressions) = (_sources, _expressions);
        (_sources, _expressions) = (1, 0);
        var isOpaque = ReadCommonTableBody(table, isRecursive);
        table.Growth = _sources;
        (_sources, _expressions) = (sources, expressions);
        table.Level = -1;
        _aliasRule = rule;
        Expect(SqlTokenKind.Close, ")");
        var names = Rename(OutputNames(outputs), columns);
        _lists.Outputs.RemoveRange(outputs, _lists.Outputs.Count - outputs);
        table.IsOpaque = isOpaque && (columns is null || columns.Count < names.Count);
        table.Columns = ReadSearchAndCycle(names);
        if (!isRecursive)
        {
            _lists.CommonTables.Add(table);
        }
    }

    private bool ReadCommonTableBody(SqlCommonTable table, bool isRecursive)
    {
        if (_language.IsPostgres)
        {
            if (Is(SqlKeyword.Insert))
            {
                return ReadChange(SqlKeyword.Insert);
            }

            if (Is(SqlKeyword.Update))
            {
                return ReadChange(SqlKeyword.Update);
            }

            if (Is(SqlKeyword.Delete))
            {
                return ReadChange(SqlKeyword.Delete);
            }
        }

        if (!StartsQuery(0))
        {
            Refuse("a query");
            return false;
        }

        _recursiveTable = isRecursive ? table : null;
        return ReadQuery();
    }

    /// <summary>A data-modifying WITH: its rows are those of RETURNING.</summary>
    private bool ReadChange(SqlKeyword keyword)
    {
        Enter();
        _keepReturning = true;
        switch (keyword)
        {
            case SqlKeyword.Insert:
                ReadInsert();
                break;
            case SqlKeyword.Update:
                ReadUpdate();
                break;
            default:
                ReadDelete();
                break;
        }

        Leave();
        return false;
    }

    private IReadOnlyList<string> ReadSearchAndCycle(IReadOnlyList<string> columns)
    {
        if (!_language.IsPostgres || IsFailed || !(Is(SqlKeyword.Search) || Is(SqlKeyword.Cycle)))
        {
            return columns;
        }

        List<string> all = [.. columns];
        if (Accept(SqlKeyword.Search))
        {
            if (!AcceptWord("depth") && !AcceptWord("breadth"))
            {
                Refuse("DEPTH or BREADTH");
            }

            Expect(SqlKeyword.First, "FIRST");
            Expect(SqlKeyword.By, "BY");
            ReadColumnNames();
            Expect(SqlKeyword.Set, "SET");
            AddName(all);
        }

        if (Accept(SqlKeyword.Cycle))
        {
            ReadColumnNames();
            Expect(SqlKeyword.Set, "SET");
            AddName(all);
            if (Accept(SqlKeyword.To))
            {
                ReadOperand();
                Expect(SqlKeyword.Default, "DEFAULT");
                ReadOperand();
            }

            Expect(SqlKeyword.Using, "USING");
            AddName(all);
        }

        return all;
    }

    private void ReadColumnNames()
    {
        do
        {
            ReadName("a column name");
        }
        while (Accept(SqlTokenKind.Comma));
    }

    private void AddName(List<string> names)
    {
        var at = _at;
        ReadName("a column name");
        if (!IsFailed)
        {
            names.Add(NameOf(at));
        }
    }

    private void ReadName(string expected)
    {
        if (IsName(Current))
        {
            Advance();
        }
        else
        {
            Refuse(expected);
        }
    }

    /// <summary>A list of names in parentheses.</summary>
    private List<string> ReadNames(string expected)
    {
        var names = new List<string>();
        Expect(SqlTokenKind.Open, "(");
        do
        {
            var at = _at;
            ReadName(expected);
            if (!IsFailed)
            {
                names.Add(NameOf(at));
            }
        }
        while (Accept(SqlTokenKind.Comma));
        Expect(SqlTokenKind.Close, ")");
        return names;
    }

    private static List<string> Rename(List<string> names, List<string>? aliases)
    {
        if (aliases is null)
        {
            return names;
        }

        for (var i = 0; i < aliases.Count; i++)
        {
            if (i < names.Count)
            {
                names[i] = aliases[i];
            }
            else
            {
                names.Add(aliases[i]);
            }
        }

        return names;
    }
}
