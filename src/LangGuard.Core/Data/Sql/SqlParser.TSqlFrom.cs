using System.Collections.Frozen;

namespace LangGuard.Data;

/// <summary>FROM in SQL Server: joins, APPLY, functions, hints and PIVOT.</summary>
internal ref partial struct SqlParser
{
    /// <summary>What the engine takes for a hint when it stands alone in parentheses behind a table.</summary>
    private static readonly FrozenSet<string> Hints =
        ("fastfirstrow forcescan forceseek holdlock ignore_constraints ignore_triggers index keepdefaults keepidentity noexpand nolock "
        + "nowait paglock readcommitted readcommittedlock readpast readuncommitted repeatableread rowlock serializable snapshot "
        + "spatial_window_max_cells tablock tablockx updlock xlock").Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private void ReadTSqlJoins(int scope)
    {
        Enter();
        ReadTSqlFromItem(scope, isApplied: false);
        while (!IsFailed && ReadTSqlJoin(scope))
        {
        }

        Leave();
    }

    /// <returns>Whether there was a join.</returns>
    private bool ReadTSqlJoin(int scope)
    {
        if (Accept(SqlKeyword.Cross))
        {
            var isApplied = AcceptWord("apply");
            if (!isApplied)
            {
                Expect(SqlKeyword.Join, "JOIN or APPLY");
            }

            ReadTSqlFromItem(scope, isApplied);
            return true;
        }

        if (Accept(SqlKeyword.Outer))
        {
            if (!AcceptWord("apply"))
            {
                Refuse("APPLY");
            }

            ReadTSqlFromItem(scope, isApplied: true);
            return true;
        }

        if (Accept(SqlKeyword.Left) || Accept(SqlKeyword.Right) || Accept(SqlKeyword.Full))
        {
            Accept(SqlKeyword.Outer);
            AcceptJoinHint();
            Expect(SqlKeyword.Join, "JOIN");
        }
        else if (Accept(SqlKeyword.Inner))
        {
            AcceptJoinHint();
            Expect(SqlKeyword.Join, "JOIN");
        }
        else if (!Accept(SqlKeyword.Join))
        {
            return false;
        }

        // The right side may be joined itself before the condition: a JOIN b JOIN c ON ... ON ...
        Enter();
        ReadTSqlFromItem(scope, isApplied: false);
        while (!IsFailed && !Is(SqlKeyword.On) && ReadTSqlJoin(scope))
        {
        }

        Expect(SqlKeyword.On, "ON");
        ReadExpression();
        Leave();
        return true;
    }

    private void AcceptJoinHint()
    {
        if (!AcceptWord("loop") && !AcceptWord("hash"))
        {
            AcceptWord("merge");
        }
    }

    private void ReadTSqlFromItem(int scope, bool isApplied)
    {
        if (++_relationCount > MaxRelations)
        {
            Refuse("fewer tables", "The statement uses too many tables.");
            return;
        }

        var first = _lists.Relations.Count;
        if (Is(SqlTokenKind.Open))
        {
            if (Peek(1).Kind != SqlTokenKind.Open ? StartsQuery(1) : StartsNestedQuery())
            {
                ReadDerived(scope, isApplied);
            }
            else
            {
                ReadTSqlJoinGroup(scope);
            }
        }
        else
        {
            var call = Peek(1).Kind == SqlTokenKind.Open ? 1
                : Peek(1).Kind == SqlTokenKind.Dot && Peek(3).Kind == SqlTokenKind.Open ? 3 : 0;
            if (call > 0 && IsHint(Peek(call + 1)) && !IsOldHint(call))
            {
                Refuse("a table or a function", "Of hints without WITH, only NOLOCK is allowed.");
            }
            else if (call == 0 || IsOldHint(call))
            {
                ReadTable(Current.Start, acceptAlias: true);
            }
            else
            {
                ReadTSqlTableFunction();
            }
        }

        while (!IsFailed && (IsWord(Current, "pivot") || IsWord(Current, "unpivot")))
        {
            ReadPivot(first);
        }
    }

    private void ReadTSqlJoinGroup(int scope)
    {
        Enter();
        Advance();
        ReadTSqlJoins(scope);
        Expect(SqlTokenKind.Close, ")");
        Leave();
    }

    /// <summary><c>orders (NOLOCK)</c>, the way before WITH.</summary>
    private readonly bool IsOldHint(int open) =>
        Peek(open).Kind == SqlTokenKind.Open && IsWord(Peek(open + 1), "nolock") && Peek(open + 2).Kind == SqlTokenKind.Close;

    private readonly bool IsHint(in SqlToken token) =>
        token.Kind == SqlTokenKind.Word && Hints.GetAlternateLookup<ReadOnlySpan<char>>().Contains(TextOf(token));

    /// <summary>TABLESAMPLE and hints behind a table.</summary>
    /// <returns>Why the table can not be replaced by a query, or null.</returns>
    private string? ReadTSqlTableOptions()
    {
        string? obstacle = null;
        if (Accept(SqlKeyword.Tablesample))
        {
            obstacle = "TABLESAMPLE can not be used here.";
            Accept(SqlKeyword.System);
            Expect(SqlTokenKind.Open, "(");
            ReadExpression();
            if (!AcceptWord("percent"))
            {
                Accept(SqlKeyword.Rows);
            }

            Expect(SqlTokenKind.Close, ")");
            if (Accept(SqlKeyword.Repeatable))
            {
                Expect(SqlTokenKind.Open, "(");
                Expect(SqlTokenKind.Number, "a number");
                Expect(SqlTokenKind.Close, ")");
            }
        }

        if (IsOldHint(0))
        {
            _at += 3;
            return "A hint can not be used here.";
        }

        if (!Is(SqlKeyword.With))
        {
            return obstacle;
        }

        Advance();
        Expect(SqlTokenKind.Open, "(");
        do
        {
            // Others lock rows or tables against everybody else.
            if (AcceptWord("index"))
            {
                ReadIndexHint();
            }
            else if (!AcceptWord("nolock") && !AcceptWord("readuncommitted") && !AcceptWord("readcommitted")
                && !AcceptWord("readpast") && !AcceptWord("noexpand") && !AcceptWord("forceseek") && !AcceptWord("forcescan"))
            {
                Refuse("NOLOCK, READCOMMITTED, FORCESEEK or INDEX", "This hint is not allowed.");
            }

            Accept(SqlTokenKind.Comma);
        }
        while (!IsFailed && !Is(SqlTokenKind.Close));
        Expect(SqlTokenKind.Close, ")");
        return "A hint can not be used here.";
    }

    private void ReadIndexHint()
    {
        var isList = Accept(SqlTokenKind.Open);
        if (!isList)
        {
            Expect(SqlTokenKind.Equal, "=");
        }

        if (!Accept(SqlTokenKind.Number))
        {
            ReadName("the name of an index");
        }

        if (isList)
        {
            Expect(SqlTokenKind.Close, ")");
        }
    }

    private void ReadTSqlTableFunction()
    {
        Enter();
        var name = Peek(1).Kind == SqlTokenKind.Dot ? _at + 2 : _at;
        var isJson = IsWord(Current, "openjson");
        ReadOperand();
        if (IsFailed)
        {
            return;
        }

        if (_tokens[name].Keyword != SqlKeyword.None || _tokens[_at - 1].Kind != SqlTokenKind.Close)
        {
            Refuse("a table or a function");
            return;
        }

        List<string>? columns = null;
        if (isJson && Is(SqlKeyword.With) && Peek(1).Kind == SqlTokenKind.Open)
        {
            columns = ReadJsonColumns();
        }

        AddTSqlFunctionRelation(name, columns);
        Leave();
    }

    private void AddTSqlFunctionRelation(int name, List<string>? columns)
    {
        var alias = ReadAlias(out _);
        if (IsFailed)
        {
            return;
        }

        var function = NameOf(name);
        if (Is(SqlTokenKind.Open))
        {
            columns = ReadNames("a column name");
        }

        var own = _language.ColumnsOf(function);
        _lists.Relations.Add(new SqlRelation
        {
            Alias = alias < 0 ? function : NameOf(alias),
            Columns = (IReadOnlyList<string>?)columns ?? own ?? [],
            IsOpaque = columns is null && own is null,
        });
    }

    /// <summary>Behind OPENJSON: <c>WITH (name type 'path' AS JSON, ...)</c>.</summary>
    private List<string> ReadJsonColumns()
    {
        var columns = new List<string>();
        Advance();
        Advance();
        do
        {
            AddName(columns);
            ReadTSqlType();
            Accept(SqlTokenKind.Text);
            if (Accept(SqlKeyword.As) && !AcceptWord("json"))
            {
                Refuse("JSON");
            }
        }
        while (Accept(SqlTokenKind.Comma));
        Expect(SqlTokenKind.Close, ")");
        return columns;
    }

    /// <summary>PIVOT groups by every column that it does not name, UNPIVOT shows them: both read the whole of their source.</summary>
    private void ReadPivot(int first)
    {
        if (_lists.Relations.Count != first + 1)
        {
            Refuse("one table or query before it", "PIVOT of a join is not understood.");
            return;
        }

        var source = _lists.Relations[first];
        source.ReadAll();
        var isPivot = IsWord(Current, "pivot");
        Advance();
        Expect(SqlTokenKind.Open, "(");
        var columns = new List<string>(source.KnownColumns);
        if (isPivot)
        {
            AddFunction(-1, _at);
            ReadName("an aggregate function");
            Expect(SqlTokenKind.Open, "(");
            TakeColumn(columns, source.IsOpaque);
            Expect(SqlTokenKind.Close, ")");
            Expect(SqlKeyword.For, "FOR");
            TakeColumn(columns, source.IsOpaque);
            Expect(SqlKeyword.In, "IN");
            columns.AddRange(ReadNames("a column name"));
        }
        else
        {
            var value = new List<string>();
            AddName(value);
            Expect(SqlKeyword.For, "FOR");
            AddName(value);
            Expect(SqlKeyword.In, "IN");
            Expect(SqlTokenKind.Open, "(");
            do
            {
                TakeColumn(columns, source.IsOpaque);
            }
            while (Accept(SqlTokenKind.Comma));
            Expect(SqlTokenKind.Close, ")");
            columns.AddRange(value);
        }

        Expect(SqlTokenKind.Close, ")");
        var alias = ReadAlias(out _);
        if (alias < 0)
        {
            Refuse("an alias");
            return;
        }

        _lists.Relations[first] = new SqlRelation { Alias = NameOf(alias), Columns = columns, IsOpaque = source.IsOpaque };
    }

    private void TakeColumn(List<string> columns, bool isOpaque)
    {
        var at = _at;
        ReadName("a column name");
        if (!IsFailed && !columns.Remove(NameOf(at)) && !isOpaque)
        {
            RefuseAt(_tokens[at].Start, "a column of the table before PIVOT", "The name is not known here.");
        }
    }
}
