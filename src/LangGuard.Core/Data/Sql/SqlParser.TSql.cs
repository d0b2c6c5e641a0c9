using System.Collections.Frozen;

namespace LangGuard.Data;

/// <summary>What only SQL Server has in queries and expressions.</summary>
internal ref partial struct SqlParser
{
    /// <summary>Words that begin a statement although they may be names.</summary>
    private static readonly FrozenSet<string> StatementWords =
        "throw send receive get move enable disable output apply xmlnamespaces"
        .Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private readonly bool IsOneOf(FrozenSet<string> words) =>
        Is(SqlTokenKind.Word) && words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(TextOf(Current));

    /// <summary>The start of the outermost statement, where a semicolon is customary before WITH.</summary>
    private void StartTSql()
    {
        Accept(SqlTokenKind.Semicolon);
        if (Is(SqlKeyword.Values) || Is(SqlTokenKind.Open) || Is(SqlKeyword.Explain))
        {
            // A statement may begin with a parenthesis, but what stands in it would be read for the whole of it.
            if (!StartsQuery(0) || !Is(SqlTokenKind.Open))
            {
                Refuse("SELECT, WITH, INSERT, UPDATE or DELETE");
            }
        }
    }

    private void ReadTSqlOperand()
    {
        var isCall = Peek(1).Kind == SqlTokenKind.Open;
        switch (Keyword)
        {
            case SqlKeyword.Null or SqlKeyword.CurrentTimestamp:
                Advance();
                return;
            case SqlKeyword.Case:
                ReadCase();
                return;
            case SqlKeyword.Cast when isCall:
                ReadCast();
                return;
            case SqlKeyword.Exists:
                ReadExists();
                return;
            case SqlKeyword.Trim when isCall:
                ReadTrim();
                return;
            case SqlKeyword.Left or SqlKeyword.Right or SqlKeyword.Coalesce or SqlKeyword.Nullif when isCall:
                var name = _at;
                Advance();
                ReadCall(-1, name);
                return;
            case SqlKeyword.Reserved when isCall && (IsWord(Current, "convert") || IsWord(Current, "try_convert")):
                ReadTSqlConversion();
                return;
            case SqlKeyword.Next when Peek(1).Keyword == SqlKeyword.Value && Peek(2).Keyword == SqlKeyword.For:
                Refuse("a value", "A sequence can not be used.");
                return;
        }

        if (!isCall)
        {
            ReadNameOrCall();
        }
        else if (IsOneOf(DateFunctions))
        {
            ReadDateCall();
        }
        else if (IsWord(Current, "try_cast"))
        {
            ReadCast();
        }
        else if (IsWord(Current, "parse") || IsWord(Current, "try_parse"))
        {
            ReadParse();
        }
        else if (IsWord(Current, "json_object") || IsWord(Current, "json_objectagg"))
        {
            ReadJsonConstructor(hasKeys: true);
        }
        else if (IsWord(Current, "json_array") || IsWord(Current, "json_arrayagg"))
        {
            ReadJsonConstructor(hasKeys: false);
        }
        else if (IsWord(Current, "contains") || IsWord(Current, "freetext"))
        {
            ReadFullText();
        }
        else
        {
            ReadNameOrCall();
        }
    }

    /// <summary>A built-in type. Types of the database itself can run code.</summary>
    private void ReadTSqlType()
    {
        Span<char> buffer = stackalloc char[SqlLanguage.MaxNameLength];
        if (!(Is(SqlTokenKind.Word) || Is(SqlTokenKind.QuotedName)) || !_language.IsPlainType(buffer[..CopyName(_at, buffer)]))
        {
            Refuse("a built-in type");
            return;
        }

        var isDouble = Accept(SqlKeyword.Double);
        if (isDouble)
        {
            Expect(SqlKeyword.Precision, "PRECISION");
        }
        else
        {
            Advance();
        }

        if (Is(SqlTokenKind.Open) && IsWord(Peek(1), "max"))
        {
            Advance();
            Advance();
            Expect(SqlTokenKind.Close, ")");
        }
        else
        {
            ReadTypeSize();
        }
    }

    /// <summary>TOP behind SELECT, INSERT, UPDATE or DELETE.</summary>
    private void ReadTop()
    {
        if (!AcceptWord("top"))
        {
            return;
        }

        if (Is(SqlTokenKind.Open))
        {
            Enter();
            Advance();
            ReadExpression();
            Expect(SqlTokenKind.Close, ")");
            Leave();
        }
        else
        {
            Expect(SqlTokenKind.Number, "a number");
        }

        AcceptWord("percent");
        if (Is(SqlKeyword.With) && Peek(1).Keyword == SqlKeyword.Ties)
        {
            Advance();
            Advance();
        }
    }

    /// <summary><c>name = value</c> in a result list.</summary>
    /// <returns>Whether it stands here.</returns>
    private bool ReadTSqlNamedItem()
    {
        if (Peek(1).Kind != SqlTokenKind.Equal)
        {
            return false;
        }

        if (!IsName(Current))
        {
            if (Is(SqlTokenKind.Parameter) || Is(SqlTokenKind.Text) || TextOf(Current) is ['@', ..])
            {
                Refuse("a name or a value", "A value or a variable can not be assigned to.");
                return true;
            }

            return false;
        }

        var name = _at;
        Advance();
        Advance();
        ReadExpression();
        _lists.Outputs.Add(new SqlOutputColumn(null, name));
        return true;
    }

    private void ReadTSqlLimits(bool isOutermost)
    {
        if (!Accept(SqlKeyword.Offset))
        {
            return;
        }

        ReadExpression();
        if (!Accept(SqlKeyword.Row))
        {
            Expect(SqlKeyword.Rows, "ROWS");
        }

        if (Accept(SqlKeyword.Fetch))
        {
            if (!Accept(SqlKeyword.First))
            {
                Expect(SqlKeyword.Next, "FIRST or NEXT");
            }

            ReadExpression();
            if (!Accept(SqlKeyword.Row))
            {
                Expect(SqlKeyword.Rows, "ROWS");
            }

            Expect(SqlKeyword.Only, "ONLY");
            _hasLimit |= isOutermost;
        }
    }

    /// <summary>FOR JSON: the result is one text.</summary>
    private void ReadForJson(ref QueryScope scope)
    {
        if (!Accept(SqlKeyword.For))
        {
            return;
        }

        if (!AcceptWord("json"))
        {
            Refuse("JSON", "Locking rows and FOR XML are not allowed.");
        }

        if (!AcceptWord("path") && !AcceptWord("auto"))
        {
            Refuse("PATH or AUTO");
        }

        while (Accept(SqlTokenKind.Comma))
        {
            if (AcceptWord("root"))
            {
                if (Accept(SqlTokenKind.Open))
                {
                    Expect(SqlTokenKind.Text, "a text");
                    Expect(SqlTokenKind.Close, ")");
                }
            }
            else if (!AcceptWord("include_null_values") && !AcceptWord("without_array_wrapper"))
            {
                Refuse("ROOT, INCLUDE_NULL_VALUES or WITHOUT_ARRAY_WRAPPER");
            }
        }

        for (var i = scope.Outputs; i < _lists.Outputs.Count; i++)
        {
            if (_lists.Outputs[i].IsFromStar)
            {
                // The columns of the result would tell of a table that has changed since; a text does not.
                Refuse("names of columns", "With FOR JSON the columns have to be named.");
            }
        }

        _lists.Outputs.RemoveRange(scope.Outputs, _lists.Outputs.Count - scope.Outputs);
        _lists.Outputs.Add(new SqlOutputColumn(SqlOutputColumn.Unnamed, -1));
        scope.IsOpaque = false;
    }

    /// <summary>OPTION at the end of a statement, as far as it only helps the plan.</summary>
    private void ReadOption()
    {
        if (!AcceptWord("option"))
        {
            return;
        }

        Expect(SqlTokenKind.Open, "(");
        do
        {
            if (AcceptWord("maxrecursion") || AcceptWord("maxdop"))
            {
                Expect(SqlTokenKind.Number, "a number");
            }
            else if (AcceptWord("force"))
            {
                Expect(SqlKeyword.Order, "ORDER");
            }
            else if (AcceptWord("optimize"))
            {
                Expect(SqlKeyword.For, "FOR");
                Expect(SqlKeyword.Unknown, "UNKNOWN");
            }
            else if (AcceptWord("fast"))
            {
                Expect(SqlTokenKind.Number, "a number");
            }
            else if (AcceptWord("hash") || AcceptWord("loop") || AcceptWord("merge"))
            {
                if (!Accept(SqlKeyword.Group) && !Accept(SqlKeyword.Union))
                {
                    Expect(SqlKeyword.Join, "JOIN");
                }
            }
            else if (!AcceptWord("recompile"))
            {
                Refuse("RECOMPILE, MAXDOP, MAXRECURSION or FORCE ORDER", "This option is not allowed.");
            }
        }
        while (Accept(SqlTokenKind.Comma));
        Expect(SqlTokenKind.Close, ")");
    }
}
