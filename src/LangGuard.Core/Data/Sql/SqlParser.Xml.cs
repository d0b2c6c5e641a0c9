namespace LangGuard.Data;

/// <summary>What PostgreSQL has for XML: values made of others, and a document read as a table.</summary>
internal ref partial struct SqlParser
{
    private void ReadXml()
    {
        Enter();
        var keyword = Keyword;
        Advance();
        Advance();
        switch (keyword)
        {
            case SqlKeyword.Xmlelement or SqlKeyword.Xmlpi:
                ReadNamedXml();
                break;
            case SqlKeyword.Xmlforest:
                ReadXmlValues();
                break;
            case SqlKeyword.Xmlparse or SqlKeyword.Xmlserialize:
                ReadXmlConversion(keyword);
                break;
            case SqlKeyword.Xmlroot:
                ReadXmlRoot();
                break;
            case SqlKeyword.Xmlexists:
                ReadExpression();
                ReadPassing();
                break;
            default:
                ReadList();
                break;
        }

        Expect(SqlTokenKind.Close, ")");
        Leave();
    }

    /// <summary><c>NAME tag, XMLATTRIBUTES(...), content, ...</c></summary>
    private void ReadNamedXml()
    {
        if (!AcceptWord("name") || !(Is(SqlTokenKind.Word) || Is(SqlTokenKind.QuotedName)))
        {
            Refuse("NAME and a name");
        }

        Advance();
        while (Accept(SqlTokenKind.Comma))
        {
            if (Is(SqlKeyword.Xmlattributes) && Peek(1).Kind == SqlTokenKind.Open)
            {
                Advance();
                Advance();
                ReadXmlValues();
                Expect(SqlTokenKind.Close, ")");
            }
            else
            {
                ReadExpression();
            }
        }
    }

    private void ReadXmlValues()
    {
        do
        {
            ReadExpression();
            if (Accept(SqlKeyword.As))
            {
                if (!Is(SqlTokenKind.Word) && !Is(SqlTokenKind.QuotedName))
                {
                    Refuse("a name");
                }

                Advance();
            }
        }
        while (Accept(SqlTokenKind.Comma));
    }

    private void ReadXmlConversion(SqlKeyword keyword)
    {
        if (!AcceptWord("document") && !AcceptWord("content"))
        {
            Refuse("DOCUMENT or CONTENT");
        }

        ReadExpression();
        if (keyword == SqlKeyword.Xmlserialize)
        {
            Expect(SqlKeyword.As, "AS");
            ReadType();
            Accept(SqlKeyword.No);
            AcceptWord("indent");
        }
        else if (AcceptWord("preserve") || AcceptWord("strip"))
        {
            if (!AcceptWord("whitespace"))
            {
                Refuse("WHITESPACE");
            }
        }
    }

    private void ReadXmlRoot()
    {
        ReadExpression();
        Expect(SqlTokenKind.Comma, "a comma");
        if (!AcceptWord("version"))
        {
            Refuse("VERSION");
        }

        if (Accept(SqlKeyword.No))
        {
            Expect(SqlKeyword.Value, "VALUE");
        }
        else
        {
            ReadExpression();
        }

        if (!Accept(SqlTokenKind.Comma))
        {
            return;
        }

        if (!AcceptWord("standalone"))
        {
            Refuse("STANDALONE");
        }

        if (!AcceptWord("yes"))
        {
            Expect(SqlKeyword.No, "YES or NO");
            Accept(SqlKeyword.Value);
        }
    }

    /// <summary><c>PASSING BY REF document BY REF</c></summary>
    private void ReadPassing()
    {
        if (!AcceptWord("passing"))
        {
            Refuse("PASSING");
        }

        ReadMechanism();
        ReadUnary();
        ReadMechanism();
    }

    private void ReadMechanism()
    {
        if (Accept(SqlKeyword.By) && !AcceptWord("ref"))
        {
            Expect(SqlKeyword.Value, "REF or VALUE");
        }
    }

    /// <summary><c>XMLTABLE(path PASSING document COLUMNS name type PATH path, ...)</c>, which sees what stands to its left.</summary>
    private void ReadXmlTable(int scope)
    {
        Enter();
        var pending = _lists.Pending.Count;
        var name = _at;
        Advance();
        Advance();
        if (Accept(SqlKeyword.Xmlnamespaces))
        {
            Expect(SqlTokenKind.Open, "(");
            ReadXmlValues();
            Expect(SqlTokenKind.Close, ")");
            Expect(SqlTokenKind.Comma, "a comma");
        }

        ReadUnary();
        ReadPassing();
        if (!AcceptWord("columns"))
        {
            Refuse("COLUMNS");
        }

        var columns = new List<string>();
        do
        {
            AddName(columns);
            if (Accept(SqlKeyword.For))
            {
                Expect(SqlKeyword.Ordinality, "ORDINALITY");
                continue;
            }

            ReadType();
            ReadXmlColumnOptions();
        }
        while (!IsFailed && Accept(SqlTokenKind.Comma));
        Expect(SqlTokenKind.Close, ")");
        Resolve(pending, scope, _lists.Relations.Count, _lists.Outputs.Count);
        HideFromLevel(pending);
        var alias = ReadAlias(out var renamed);
        if (!IsFailed)
        {
            _lists.Relations.Add(new SqlRelation { Alias = NameOf(alias < 0 ? name : alias), Columns = Rename(columns, renamed) });
        }

        Leave();
    }

    private void ReadXmlColumnOptions()
    {
        while (!IsFailed)
        {
            if (AcceptWord("path") || Accept(SqlKeyword.Default))
            {
                ReadExpression();
            }
            else if (Accept(SqlKeyword.Not))
            {
                Expect(SqlKeyword.Null, "NULL");
            }
            else if (!Accept(SqlKeyword.Null))
            {
                return;
            }
        }
    }
}
