namespace LangGuard.Data;

/// <summary>What stands between the parentheses of a call.</summary>
internal ref partial struct SqlParser
{
    private void ReadArguments(int name)
    {
        var open = _at - 1;
        if (Is(SqlTokenKind.Star) && Peek(1).Kind == SqlTokenKind.Close)
        {
            if (_language.IsTSql && NameOf(_at - 2) is not ("count" or "count_big"))
            {
                // CHECKSUM(*) reads every column.
                Refuse("a value or a column");
            }

            if (_language.IsDuckDb && NameOf(_at - 2) is not "count")
            {
                Refuse("a value or a column");
            }

            Advance();
            Advance();
            return;
        }

        if (!Accept(SqlKeyword.Distinct))
        {
            Accept(SqlKeyword.All);
        }

        var (outer, largest, product) = (_size, 1L, 1L);
        do
        {
            _size = 1;
            ReadArgument();
            (largest, product) = (Math.Max(largest, _size), Product(product, _size));
        }
        while (Accept(SqlTokenKind.Comma));

        AcceptNullsRule();
        if (Accept(SqlKeyword.Order))
        {
            Expect(SqlKeyword.By, "BY");
            ReadSortList();
            AcceptNullsRule();
        }

        if (_language.IsMySql && AcceptWord("separator"))
        {
            Expect(SqlTokenKind.Text, "a text");
        }

        Expect(SqlTokenKind.Close, ")");
        MeasureCall(name, open, largest, product);
        _size = Math.Max(outer, _size);
    }

    private void AcceptNullsRule()
    {
        if (_language.IsDuckDb && Peek(1).Keyword == SqlKeyword.Nulls && (IsWord(Current, "respect") || Is(SqlKeyword.Ignore)))
        {
            Advance();
            Advance();
        }
    }

    private void ReadArgument()
    {
        if (_language.IsDuckDb && QualifiedStarLength() == 3)
        {
            ReadArgumentStar();
            return;
        }

        if (_language.IsPostgresLike)
        {
            if (_language.IsPostgres)
            {
                Accept(SqlKeyword.Variadic);
            }

            if (QualifiedStarLength() == 3)
            {
                ReadQualifiedStar();
                return;
            }

            if ((Is(SqlTokenKind.Word) || Is(SqlTokenKind.QuotedName)) && Peek(1).Kind == SqlTokenKind.Arrow)
            {
                Advance();
                Advance();
            }
        }

        // A query alone needs no second pair of parentheses in some engines; both spellings are read here.
        ReadExpression();
    }

    private void ReadSortList()
    {
        var rule = _aliasRule;
        _aliasRule = _language.IsDuckDb ? SqlAliasRule.Both : SqlAliasRule.No;
        do
        {
            ReadExpression();
            ReadDirection();
        }
        while (Accept(SqlTokenKind.Comma));
        _aliasRule = rule;
    }
}
