namespace LangGuard.Data;

/// <summary>The result list of a query, and what its columns are called.</summary>
internal ref partial struct SqlParser
{
    private void ReadSelectItem()
    {
        var first = _at;
        ReadSelectItemAt();
        _lists.Items.Add((first, EndOfItem(first)));
    }

    /// <summary>Where the value of a result column ends: before its name.</summary>
    private readonly int EndOfItem(int first)
    {
        for (var i = _at - 1; i > first && i >= _at - 2; i--)
        {
            if (_tokens[i].Keyword == SqlKeyword.As)
            {
                return i;
            }
        }

        return _at;
    }

    private void ReadSelectItemAt()
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

        if (_language.IsTSql && ReadTSqlNamedItem())
        {
            return;
        }

        var first = _at;
        ReadExpression();
        var last = _at - 1;
        if (Accept(SqlKeyword.As))
        {
            ReadOutputName(outputs);
        }
        else if (IsTextName() || (IsName(Current) && !IsBareAliasExcluded(Current.Keyword) && !(_language.IsTSql && IsOneOf(StatementWords))))
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
        _language.HasTextAliases && Is(SqlTokenKind.Text)
        && (TextOf(Current) is ['\'', _, .., '\''] and not "''"
            || (_language.HasDoubleQuotedTexts && TextOf(Current) is ['"', _, .., '"'] and not "\"\""))
        && !(_language.HasBackslashEscapes && TextOf(Current).Contains('\\'));

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

        return _language.LooksFurther ? new SqlOutputColumn(SqlOutputColumn.Unnamed, -1) : PostgresName(first, last);
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

    /// <summary>After AS every word is a name, and in some dialects a text is one, too.</summary>
    private void ReadOutputName(List<SqlOutputColumn> outputs)
    {
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
}
