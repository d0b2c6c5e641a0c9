namespace LangGuard.Data;

/// <summary>What only MySQL and MariaDB have in expressions and types.</summary>
internal ref partial struct SqlParser
{
    /// <returns>Whether the word begins a construct of MySQL's own.</returns>
    private bool ReadMySqlOperand()
    {
        var next = Peek(1).Kind;
        if (Is(SqlKeyword.Interval))
        {
            ReadInterval();
            return true;
        }

        if (next == SqlTokenKind.Text)
        {
            // date '2024-01-01', _utf8mb4'text'. Behind any other name a text is not understood.
            if (!Is(SqlKeyword.Time) && !Is(SqlKeyword.Timestamp) && !IsWord(Current, "date") && !IsCharacterSet(Current))
            {
                return false;
            }

            Advance();
            Advance();
            return true;
        }

        if (next != SqlTokenKind.Open)
        {
            return AcceptWord("utc_date") || AcceptWord("utc_time") || AcceptWord("utc_timestamp");
        }

        switch (Keyword)
        {
            case SqlKeyword.Extract:
                ReadExtract();
                return true;
            case SqlKeyword.Position:
                ReadSpecial(SqlKeyword.In, SqlKeyword.In, SqlKeyword.In);
                return true;
            case SqlKeyword.Substring:
                ReadSpecial(SqlKeyword.From, SqlKeyword.For, SqlKeyword.For);
                return true;
            case SqlKeyword.None when IsWord(Current, "substr") || IsWord(Current, "mid"):
                ReadSpecial(SqlKeyword.From, SqlKeyword.For, SqlKeyword.For);
                return true;
            case SqlKeyword.Trim:
                ReadTrim();
                return true;
            case SqlKeyword.Row:
                Advance();
                ReadRow();
                return true;
            case SqlKeyword.Values when _duplicateTarget is not null:
                ReadNewValue(_duplicateTarget);
                return true;
            case SqlKeyword.Char:
                ReadConversion();
                return true;
            case SqlKeyword.Reserved when IsWord(Current, "convert"):
                ReadConversion();
                return true;
            case SqlKeyword.None when IsWord(Current, "timestampdiff") || IsWord(Current, "timestampadd"):
                ReadTimeCall();
                return true;
            default:
                return false;
        }
    }

    private readonly bool IsCharacterSet(in SqlToken token) =>
        IsWord(token, "_utf8mb4") || IsWord(token, "_utf8mb3") || IsWord(token, "_utf8") || IsWord(token, "_binary")
        || IsWord(token, "_latin1") || IsWord(token, "_ascii");

    /// <summary><c>INTERVAL 1 DAY</c>, or the function of that name.</summary>
    private void ReadInterval()
    {
        Enter();
        Advance();
        var isCall = Is(SqlTokenKind.Open);
        ReadExpression();
        if (!AcceptTimeUnit() && !isCall)
        {
            Refuse("a unit of time");
        }

        Leave();
    }

    private bool AcceptTimeUnit() =>
        AcceptIntervalField() || AcceptWord("microsecond") || AcceptWord("week") || AcceptWord("quarter")
        || AcceptWord("second_microsecond") || AcceptWord("minute_microsecond") || AcceptWord("minute_second")
        || AcceptWord("hour_microsecond") || AcceptWord("hour_second") || AcceptWord("hour_minute")
        || AcceptWord("day_microsecond") || AcceptWord("day_second") || AcceptWord("day_minute") || AcceptWord("day_hour")
        || AcceptWord("year_month");

    /// <summary><c>VALUES(column)</c> behind ON DUPLICATE KEY UPDATE: the value of the new row.</summary>
    private void ReadNewValue(SqlTableUse target)
    {
        Advance();
        Advance();
        ReadTargetColumn(target, SqlUse.Update);
        Expect(SqlTokenKind.Close, ")");
    }

    /// <summary><c>CONVERT(x, type)</c>, <c>CONVERT(x USING set)</c>, <c>CHAR(x, y USING set)</c>.</summary>
    private void ReadConversion()
    {
        Enter();
        var isChar = Is(SqlKeyword.Char);
        AddFunction(-1, _at);
        Advance();
        Advance();
        ReadExpression();
        while (isChar && Accept(SqlTokenKind.Comma))
        {
            ReadExpression();
        }

        if (Accept(SqlKeyword.Using))
        {
            ReadCharacterSet();
        }
        else if (!isChar)
        {
            Expect(SqlTokenKind.Comma, "a comma");
            ReadMySqlType();
        }

        Expect(SqlTokenKind.Close, ")");
        Leave();
    }

    private void ReadTimeCall()
    {
        Enter();
        AddFunction(-1, _at);
        Advance();
        Advance();
        if (!AcceptTimeUnit())
        {
            Refuse("a unit of time");
        }

        while (Accept(SqlTokenKind.Comma))
        {
            ReadExpression();
        }

        Expect(SqlTokenKind.Close, ")");
        Leave();
    }

    private void ReadCharacterSet()
    {
        if (!Accept(SqlKeyword.Binary))
        {
            ReadName("a character set");
        }
    }

    private void ReadMySqlType()
    {
        Span<char> buffer = stackalloc char[SqlLanguage.MaxNameLength];
        if (!Is(SqlTokenKind.Word) || !_language.IsPlainType(buffer[..CopyName(_at, buffer)]))
        {
            Refuse("a type");
            return;
        }

        var from = _at;
        var isInteger = IsWord(Current, "signed") || IsWord(Current, "unsigned");
        Advance();
        if (isInteger && !AcceptWord("integer"))
        {
            AcceptWord("int");
        }

        Accept(SqlKeyword.Precision);
        ReadTypeSize();
        MeasurePadding(from);
        if (Accept(SqlKeyword.Character))
        {
            Expect(SqlKeyword.Set, "SET");
            ReadCharacterSet();
        }
        else if (AcceptWord("charset"))
        {
            ReadCharacterSet();
        }
    }
}
