namespace LangGuard.Data;

/// <summary>JSON_TABLE, index hints and options of SELECT, as MySQL and MariaDB have them.</summary>
internal ref partial struct SqlParser
{
    /// <summary>Words behind SELECT that only help the plan.</summary>
    private void ReadMySqlSelectOptions()
    {
        while (Accept(SqlKeyword.Distinct) || Accept(SqlKeyword.All) || AcceptWord("distinctrow") || AcceptWord("straight_join")
            || AcceptWord("sql_small_result") || AcceptWord("sql_big_result"))
        {
        }
    }

    /// <returns>Why the table can not be replaced by a query, or null.</returns>
    private string? ReadMySqlIndexHints()
    {
        string? obstacle = null;
        while (Peek(1).Keyword == SqlKeyword.Index || IsWord(Peek(1), "key"))
        {
            if (!AcceptWord("use") && !AcceptWord("force") && !Accept(SqlKeyword.Ignore))
            {
                break;
            }

            obstacle = "An index hint can not be used here.";
            Advance();
            if (Accept(SqlKeyword.For) && !Accept(SqlKeyword.Join))
            {
                if (!Accept(SqlKeyword.Order))
                {
                    Expect(SqlKeyword.Group, "JOIN, ORDER BY or GROUP BY");
                }

                Expect(SqlKeyword.By, "BY");
            }

            Expect(SqlTokenKind.Open, "(");
            while (!IsFailed && !Is(SqlTokenKind.Close))
            {
                if (!Accept(SqlKeyword.Primary))
                {
                    ReadName("the name of an index");
                }

                Accept(SqlTokenKind.Comma);
            }

            Expect(SqlTokenKind.Close, ")");
        }

        return obstacle;
    }

    /// <summary><c>JSON_TABLE(value, path COLUMNS (...)) alias</c>: its value may come from the tables to its left.</summary>
    private void ReadJsonTable()
    {
        Enter();
        AddFunction(-1, _at);
        Advance();
        Advance();
        ReadExpression();
        Expect(SqlTokenKind.Comma, "a comma");
        Expect(SqlTokenKind.Text, "a path");
        var columns = new List<string>();
        ReadJsonTableColumns(columns);
        Expect(SqlTokenKind.Close, ")");
        var alias = ReadAlias(out _);
        if (alias < 0)
        {
            Refuse("an alias");
        }

        if (!IsFailed)
        {
            _lists.Relations.Add(new SqlRelation { Alias = NameOf(alias), Columns = columns });
        }

        Leave();
    }

    private void ReadJsonTableColumns(List<string> columns)
    {
        Enter();
        if (!AcceptWord("columns"))
        {
            Refuse("COLUMNS");
        }

        Expect(SqlTokenKind.Open, "(");
        do
        {
            if (AcceptWord("nested"))
            {
                AcceptWord("path");
                Expect(SqlTokenKind.Text, "a path");
                ReadJsonTableColumns(columns);
                continue;
            }

            AddName(columns);
            if (Accept(SqlKeyword.For))
            {
                Expect(SqlKeyword.Ordinality, "ORDINALITY");
                continue;
            }

            ReadJsonTableColumn();
        }
        while (!IsFailed && Accept(SqlTokenKind.Comma));
        Expect(SqlTokenKind.Close, ")");
        Leave();
    }

    private void ReadJsonTableColumn()
    {
        ReadColumnType();
        Accept(SqlKeyword.Exists);
        if (AcceptWord("path"))
        {
            Expect(SqlTokenKind.Text, "a path");
        }

        while (!IsFailed && !Is(SqlTokenKind.Comma) && !Is(SqlTokenKind.Close))
        {
            if (Accept(SqlKeyword.Default))
            {
                ReadText();
            }
            else if (!AcceptWord("error"))
            {
                Expect(SqlKeyword.Null, "NULL, ERROR or DEFAULT");
            }

            Expect(SqlKeyword.On, "ON");
            if (!AcceptWord("empty") && !AcceptWord("error"))
            {
                Refuse("EMPTY or ERROR");
            }
        }
    }

    /// <summary>A type of a column, of which there are more than a cast takes.</summary>
    private void ReadColumnType()
    {
        if (AcceptWord("bigint") || AcceptWord("mediumint") || AcceptWord("smallint") || AcceptWord("tinyint") || AcceptWord("text")
            || AcceptWord("tinytext") || AcceptWord("mediumtext") || AcceptWord("longtext") || AcceptWord("numeric")
            || AcceptWord("boolean") || AcceptWord("bool") || Accept(SqlKeyword.Timestamp))
        {
            ReadTypeSize();
        }
        else
        {
            ReadMySqlType();
        }

        AcceptWord("unsigned");
        if (Accept(SqlKeyword.Collate))
        {
            ReadName("a collation");
        }
    }
}
