namespace LangGuard.Data;

/// <summary>Types in casts. A cast to some types reads the catalog or calls code, so types are listed.</summary>
internal ref partial struct SqlParser
{
    private void ReadType()
    {
        if (_language.IsSqlite)
        {
            ReadSqliteType();
            return;
        }

        if (_language.IsMySql)
        {
            ReadMySqlType();
            return;
        }

        if (_language.IsTSql)
        {
            ReadTSqlType();
            return;
        }

        var name = _at;
        if (_language.IsDuckDb && ReadNestedType())
        {
            ReadListBrackets();
            MeasureType(name);
            return;
        }

        if (IsTypeWord(Current))
        {
            Advance();
        }
        else
        {
            Refuse("a type");
        }

        if (Accept(SqlTokenKind.Dot))
        {
            var schema = name;
            name = _at;
            ReadName("a type");
            if (!IsFailed && NameOf(schema) is var owner && owner != "pg_catalog" && owner != _schema.DefaultSchema)
            {
                RefuseAt(_tokens[schema].Start, "a built-in type", "The type is not known.");
            }
        }

        if (IsFailed)
        {
            return;
        }

        CheckType(name);
        ReadTypeWords(_tokens[name]);
        ReadTypeSize();
        ReadListBrackets();
        if (_language.IsDuckDb)
        {
            MeasureType(name);
        }
        else
        {
            MeasurePadding(name);
        }
    }

    /// <summary><c>[]</c>, <c>[3]</c> and ARRAY behind a type.</summary>
    private void ReadListBrackets()
    {
        while (!IsFailed)
        {
            if (Accept(SqlTokenKind.OpenBracket))
            {
                Accept(SqlTokenKind.Number);
                Expect(SqlTokenKind.CloseBracket, "]");
            }
            else if (!Accept(SqlKeyword.Array))
            {
                break;
            }
        }
    }

    private readonly bool IsTypeWord(in SqlToken token) =>
        IsName(token) || token.Keyword is SqlKeyword.Interval or SqlKeyword.Time or SqlKeyword.Timestamp;

    private void CheckType(int token)
    {
        Span<char> buffer = stackalloc char[SqlLanguage.MaxNameLength];
        var name = buffer[..CopyName(token, buffer)];
        if (_language.IsPlainType(name) || _tokens[token].Keyword is SqlKeyword.Double or SqlKeyword.National)
        {
            return;
        }

        // A table's name is the type of its rows; a type of the database itself has to be in the snapshot.
        if (_schema.Find([], name) is null && _schema.Types.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name))
        {
            return;
        }

        RefuseAt(_tokens[token].Start, "a built-in type", "The type is not known, or reads more than the value.");
    }

    /// <summary>The further words of a type: double precision, timestamp with time zone.</summary>
    private void ReadTypeWords(in SqlToken first)
    {
        switch (first.Keyword)
        {
            case SqlKeyword.Double when _language.IsDuckDb:
                Accept(SqlKeyword.Precision);
                break;
            case SqlKeyword.Double:
                Expect(SqlKeyword.Precision, "PRECISION");
                break;
            case SqlKeyword.National:
                if (!Accept(SqlKeyword.Character))
                {
                    Expect(SqlKeyword.Char, "CHARACTER");
                }

                Accept(SqlKeyword.Varying);
                break;
            case SqlKeyword.Char or SqlKeyword.Character or SqlKeyword.Nchar or SqlKeyword.Bit:
                Accept(SqlKeyword.Varying);
                break;
            case SqlKeyword.Time or SqlKeyword.Timestamp:
                ReadTypeSize();
                if (Is(SqlKeyword.With) || Is(SqlKeyword.Without))
                {
                    if (Peek(1).Keyword == SqlKeyword.Time)
                    {
                        Advance();
                        Advance();
                        Expect(SqlKeyword.Zone, "ZONE");
                    }
                }

                break;
            case SqlKeyword.Interval:
                ReadIntervalFields();
                break;
        }
    }

    private void ReadIntervalFields()
    {
        if (AcceptIntervalField() && Accept(SqlKeyword.To) && !AcceptIntervalField())
        {
            Refuse("a unit of time");
        }
    }

    private bool AcceptIntervalField() =>
        Accept(SqlKeyword.Year) || Accept(SqlKeyword.Month) || Accept(SqlKeyword.Day) || Accept(SqlKeyword.Hour)
        || Accept(SqlKeyword.Minute) || Accept(SqlKeyword.Second);

    private void ReadTypeSize()
    {
        if (Is(SqlTokenKind.Open) && Peek(1).Kind == SqlTokenKind.Number)
        {
            Advance();
            Advance();
            if (Accept(SqlTokenKind.Comma))
            {
                Expect(SqlTokenKind.Number, "a number");
            }

            Expect(SqlTokenKind.Close, ")");
        }
    }

    /// <summary>In SQLite a type is any words; only its affinity counts.</summary>
    private void ReadSqliteType()
    {
        ReadName("a type");
        while (IsName(Current))
        {
            Advance();
        }

        ReadTypeSize();
    }
}
