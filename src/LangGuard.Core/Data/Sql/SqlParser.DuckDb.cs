namespace LangGuard.Data;

/// <summary>What only DuckDB has in queries: FROM first, stars with conditions, QUALIFY, samples, and descriptions of results.</summary>
internal ref partial struct SqlParser
{
    private readonly bool StartsDuckDbQuery(in SqlToken token) =>
        token.Keyword is SqlKeyword.From or SqlKeyword.Table
        || (token.Keyword == SqlKeyword.Reserved
            && (IsWord(token, "pivot") || IsWord(token, "unpivot") || IsWord(token, "describe") || IsWord(token, "summarize")))
        || (token.Keyword == SqlKeyword.Desc);

    private void ReadDuckDbArm(ref QueryScope scope)
    {
        if (Accept(SqlKeyword.Select))
        {
            ReadDuckDbSelect(ref scope);
        }
        else if (Accept(SqlKeyword.From))
        {
            ReadFrom(scope.Relations);
            if (Accept(SqlKeyword.Select))
            {
                ReadDuckDbResult(ref scope);
            }
            else
            {
                _lists.Outputs.Add(new SqlOutputColumn(null, -1, IsStar: true));
                _hasStar = true;
            }

            ReadDuckDbClauses(ref scope);
        }
        else if (Accept(SqlKeyword.Values))
        {
            ReadValues();
        }
        else if (Is(SqlKeyword.Table))
        {
            ReadTableCommand(ref scope);
        }
        else if (AcceptWord("pivot"))
        {
            ReadPivotStatement(ref scope);
        }
        else if (AcceptWord("unpivot"))
        {
            ReadUnpivotStatement(ref scope);
        }
        else if (AcceptWord("describe") || Accept(SqlKeyword.Desc) || AcceptWord("summarize"))
        {
            ReadDescription(ref scope);
        }
        else
        {
            Refuse("SELECT, FROM or VALUES");
        }
    }

    private void ReadDuckDbSelect(ref QueryScope scope)
    {
        ReadDuckDbResult(ref scope);
        if (Is(SqlKeyword.Into))
        {
            Refuse("FROM", "SELECT INTO creates a table and is not allowed.");
        }

        if (Accept(SqlKeyword.From))
        {
            ReadFrom(scope.Relations);
        }

        ReadDuckDbClauses(ref scope);
    }

    /// <summary>The result list. A name in it, and in all that follows, may be that of another result column.</summary>
    private void ReadDuckDbResult(ref QueryScope scope)
    {
        var rule = _aliasRule;
        _aliasRule = SqlAliasRule.Both;
        if (Accept(SqlKeyword.Distinct))
        {
            if (Accept(SqlKeyword.On))
            {
                Expect(SqlTokenKind.Open, "(");
                ReadList();
                Expect(SqlTokenKind.Close, ")");
            }
        }
        else
        {
            Accept(SqlKeyword.All);
        }

        do
        {
            ReadDuckDbItem(ref scope);
        }
        while (Accept(SqlTokenKind.Comma) && !EndsList());
        _aliasRule = rule;
    }

    /// <summary>The engine lets some lists end in a comma.</summary>
    private readonly bool EndsList() =>
        Kind is SqlTokenKind.End or SqlTokenKind.Close or SqlTokenKind.Semicolon
        || Keyword is SqlKeyword.From or SqlKeyword.Where or SqlKeyword.Group or SqlKeyword.Having or SqlKeyword.Order or SqlKeyword.Limit
            or SqlKeyword.Union or SqlKeyword.Except or SqlKeyword.Intersect;

    private void ReadDuckDbClauses(ref QueryScope scope)
    {
        var rule = _aliasRule;
        _aliasRule = SqlAliasRule.Both;
        ExpandStars(ref scope);
        if (Accept(SqlKeyword.Where))
        {
            ReadExpression();
        }

        if (Accept(SqlKeyword.Group))
        {
            Expect(SqlKeyword.By, "BY");
            if (!Accept(SqlKeyword.All) && !Accept(SqlTokenKind.Star))
            {
                do
                {
                    ReadGroupingElement();
                }
                while (Accept(SqlTokenKind.Comma) && !EndsList());
            }
        }

        ReadHavingAndWindows();

        if (AcceptWord("qualify"))
        {
            ReadExpression();
        }

        if (Is(SqlKeyword.Using) && IsWord(Peek(1), "sample"))
        {
            Advance();
            Advance();
            ReadSample();
        }

        _aliasRule = rule;
    }

    /// <summary><c>10%</c>, <c>10 ROWS</c>, <c>reservoir(10 ROWS)</c>, each with a method and a seed behind it.</summary>
    private void ReadSample()
    {
        var isMethod = AcceptSampleMethod();
        var isOpen = Accept(SqlTokenKind.Open);
        if (isMethod && !isOpen)
        {
            Refuse("(");
        }

        ReadSampleSize();
        if (isOpen)
        {
            Expect(SqlTokenKind.Close, ")");
        }

        if (!isMethod && Accept(SqlTokenKind.Open))
        {
            if (!AcceptSampleMethod())
            {
                Refuse("BERNOULLI, SYSTEM or RESERVOIR");
            }

            if (Accept(SqlTokenKind.Comma))
            {
                Expect(SqlTokenKind.Number, "a number");
            }

            Expect(SqlTokenKind.Close, ")");
        }

        if (Accept(SqlKeyword.Repeatable))
        {
            Expect(SqlTokenKind.Open, "(");
            Expect(SqlTokenKind.Number, "a number");
            Expect(SqlTokenKind.Close, ")");
        }
    }

    private bool AcceptSampleMethod() => AcceptWord("reservoir") || AcceptWord("bernoulli") || Accept(SqlKeyword.System);

    private void ReadSampleSize()
    {
        if (Is(SqlTokenKind.Parameter))
        {
            ReadParameter();
        }
        else
        {
            Expect(SqlTokenKind.Number, "a number");
        }

        if (!AcceptPercent())
        {
            Accept(SqlKeyword.Rows);
        }
    }

    private bool AcceptPercent()
    {
        if (Is(SqlTokenKind.Operator) && TextOf(Current) is "%")
        {
            Advance();
            return true;
        }

        return AcceptWord("percent");
    }

    /// <summary>DESCRIBE tells the columns of a table or query, SUMMARIZE what is in them: both see every column.</summary>
    private void ReadDescription(ref QueryScope scope)
    {
        Accept(SqlKeyword.Table);
        if (Is(SqlTokenKind.Word) || Is(SqlTokenKind.QuotedName))
        {
            if (StartsQuery(0))
            {
                ReadDescribedQuery();
            }
            else
            {
                var count = _lists.References.Count;
                ReadTable(Current.Start, acceptAlias: false);
                foreach (var relation in _lists.Relations.Skip(scope.Relations))
                {
                    relation.ReadAll();
                }

                if (!IsFailed && _lists.References.Count > count)
                {
                    _lists.References[^1] = _lists.References[^1] with
                    {
                        Obstacle = "A table can not be described here; describe SELECT * FROM and the table.",
                    };
                }
            }
        }
        else if (Is(SqlTokenKind.Open) && StartsQuery(0))
        {
            ReadDescribedQuery();
        }
        else
        {
            Refuse("a table or a query");
        }

        scope.IsOpaque = true;
    }

    private void ReadDescribedQuery()
    {
        var outputs = _lists.Outputs.Count;
        ReadQuery();
        _lists.Outputs.RemoveRange(outputs, _lists.Outputs.Count - outputs);
    }

    /// <summary>UNION BY NAME puts columns of the same name together.</summary>
    private bool AcceptByName()
    {
        if (!_language.IsDuckDb || !Is(SqlKeyword.By) || !IsWord(Peek(1), "name"))
        {
            return false;
        }

        Advance();
        Advance();
        return true;
    }

    private void AddByName(ref QueryScope scope, in QueryScope arm)
    {
        scope.IsOpaque |= arm.IsOpaque;
        var names = new HashSet<string>(OutputNames(scope.Outputs).Take(arm.Outputs - scope.Outputs), StringComparer.Ordinal);
        var added = new List<SqlOutputColumn>();
        foreach (var output in _lists.Outputs.Skip(arm.Outputs))
        {
            if (IsFailed)
            {
                return;
            }

            var name = output.Name ?? NameOf(output.Token);
            scope.IsOpaque |= name == SqlOutputColumn.Unnamed;
            if (names.Add(name))
            {
                added.Add(output);
            }
        }

        _lists.Outputs.RemoveRange(arm.Outputs, _lists.Outputs.Count - arm.Outputs);
        _lists.Outputs.AddRange(added);
    }
}
