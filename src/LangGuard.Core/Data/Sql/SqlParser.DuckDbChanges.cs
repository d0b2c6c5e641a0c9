namespace LangGuard.Data;

/// <summary>Types, EXPLAIN and parts of changes in DuckDB.</summary>
internal ref partial struct SqlParser
{
    /// <summary>EXPLAIN with a format and nothing else: ANALYZE runs the statement.</summary>
    private void ReadDuckDbExplain()
    {
        if (!Is(SqlTokenKind.Open) || StartsQuery(0))
        {
            return;
        }

        Advance();
        if (!AcceptWord("format"))
        {
            Refuse("FORMAT", "This option of EXPLAIN is not allowed.");
        }

        if (!AcceptWord("json") && !AcceptWord("text") && !AcceptWord("yaml") && !AcceptWord("html") && !AcceptWord("graphviz"))
        {
            Refuse("JSON, TEXT, YAML, HTML or GRAPHVIZ");
        }

        Expect(SqlTokenKind.Close, ")");
    }

    /// <summary>A type with others inside, such as <c>STRUCT(a INTEGER, b VARCHAR[])</c>.</summary>
    /// <returns>Whether it stands here.</returns>
    private bool ReadNestedType()
    {
        if (Peek(1).Kind != SqlTokenKind.Open)
        {
            return false;
        }

        var isMap = IsWord(Current, "map");
        var isEnumeration = IsWord(Current, "enum");
        if (!isMap && !isEnumeration && !IsWord(Current, "struct") && !IsWord(Current, "row") && !IsWord(Current, "union"))
        {
            return false;
        }

        Enter();
        Advance();
        Advance();
        do
        {
            if (isEnumeration)
            {
                Expect(SqlTokenKind.Text, "a text");
                continue;
            }

            if (!isMap)
            {
                ReadPart();
            }

            ReadType();
        }
        while (Accept(SqlTokenKind.Comma));
        Expect(SqlTokenKind.Close, ")");
        Leave();
        return true;
    }

    /// <summary>INSERT OR REPLACE and INSERT OR IGNORE.</summary>
    /// <returns>Whether rows in the way are removed.</returns>
    private bool ReadDuckDbOrAction()
    {
        if (!Accept(SqlKeyword.Or))
        {
            return false;
        }

        if (Accept(SqlKeyword.Replace))
        {
            return true;
        }

        Expect(SqlKeyword.Ignore, "REPLACE or IGNORE");
        return false;
    }

    /// <summary>INSERT INTO t BY NAME: which columns are written depends on the names of the query.</summary>
    private void AcceptInsertBy()
    {
        if (_language.IsDuckDb && Accept(SqlKeyword.By) && !AcceptWord("name"))
        {
            Expect(SqlKeyword.Position, "NAME or POSITION");
        }
    }

    /// <summary>What a change returns is of its target alone.</summary>
    private readonly void HideFromReturning(int target)
    {
        for (var i = target + 1; _language.IsDuckDb && i < _lists.Relations.Count; i++)
        {
            _lists.Relations[i].IsFilter = true;
        }
    }

    /// <summary><c>count(t.*)</c>: a star of one table as an argument.</summary>
    private void ReadArgumentStar()
    {
        var qualifier = _at;
        _at += 3;
        AddStarReference(new SqlStarChoice { Qualifier = qualifier });
        _hasStar = true;
    }
}
