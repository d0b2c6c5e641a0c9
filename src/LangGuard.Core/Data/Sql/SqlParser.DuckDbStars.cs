namespace LangGuard.Data;

/// <summary>Items of a result list in DuckDB: stars that leave out, replace and rename columns, and COLUMNS.</summary>
internal ref partial struct SqlParser
{
    private void ReadDuckDbItem(ref QueryScope scope)
    {
        var first = _at;
        _lastJoined = 1;
        ReadDuckDbItemAt(ref scope);
        _lists.Items.Add((first, EndOfItem(first)));
        NameGrowth();
    }

    private void ReadDuckDbItemAt(ref QueryScope scope)
    {
        var outputs = _lists.Outputs;
        if (outputs.Count > _tokens.Length + MaxColumns)
        {
            Refuse("fewer columns", "The query has too many columns.");
            return;
        }

        var star = Is(SqlTokenKind.Star) && !IsWord(Peek(1), "columns") ? 1 : QualifiedStarLength();
        if (star is 1 or 3)
        {
            var qualifier = star == 3 ? _at : -1;
            _at += star;
            outputs.Add(new SqlOutputColumn(null, qualifier, IsStar: true, Choice: ReadStarChoice(qualifier)));
            _hasStar = true;
            return;
        }

        if (IsName(Current) && Peek(1).Kind == SqlTokenKind.Colon)
        {
            // alias: value
            var alias = _at;
            Advance();
            Advance();
            ReadExpression();
            outputs.Add(new SqlOutputColumn(null, alias));
            return;
        }

        var (first, spreads) = (_at, _spreads);
        _spreads = false;
        ReadExpression();
        var last = _at - 1;
        if (_spreads)
        {
            // There may be more than one column, with names that are not known.
            scope.IsOpaque = true;
        }

        _spreads = spreads;
        if (Accept(SqlKeyword.As))
        {
            ReadOutputName(outputs);
        }
        else if (IsName(Current) && !IsBareAliasExcluded(Current.Keyword))
        {
            outputs.Add(new SqlOutputColumn(null, _at));
            Advance();
        }
        else if (last >= first && !IsFailed && IsDottedName(first, last))
        {
            // a, t.a and the field s.a are named a.
            outputs.Add(new SqlOutputColumn(null, last));
        }
        else
        {
            outputs.Add(new SqlOutputColumn(SqlOutputColumn.Unnamed, -1));
        }
    }

    private readonly bool IsDottedName(int first, int last)
    {
        for (var i = first; i <= last; i++)
        {
            if ((i - first) % 2 == 0 ? _tokens[i].Kind is not (SqlTokenKind.Word or SqlTokenKind.QuotedName) : _tokens[i].Kind != SqlTokenKind.Dot)
            {
                return false;
            }
        }

        return (last - first) % 2 == 0 && IsName(_tokens[first]);
    }

    /// <summary>EXCLUDE, REPLACE, RENAME and a pattern for names, behind a star.</summary>
    private SqlStarChoice? ReadStarChoice(int qualifier)
    {
        SqlStarChoice? choice = null;
        if (Accept(SqlKeyword.Exclude))
        {
            choice = new SqlStarChoice { Qualifier = qualifier };
            ReadChoices(choice, StarPart.Exclusion);
        }

        if (Accept(SqlKeyword.Replace))
        {
            choice ??= new SqlStarChoice { Qualifier = qualifier };
            ReadChoices(choice, StarPart.Replacement);
        }

        if (AcceptWord("rename"))
        {
            choice ??= new SqlStarChoice { Qualifier = qualifier };
            ReadChoices(choice, StarPart.Renaming);
        }

        if (Is(SqlKeyword.Like) || Is(SqlKeyword.Ilike) || Is(SqlKeyword.Glob) || Is(SqlKeyword.Similar) || Is(SqlKeyword.Not))
        {
            choice ??= new SqlStarChoice { Qualifier = qualifier };
            choice.IsFiltered = true;
            Accept(SqlKeyword.Not);
            if (!ReadPattern())
            {
                Refuse("LIKE, GLOB or SIMILAR TO");
            }
        }

        return choice;
    }

    private enum StarPart
    {
        Exclusion,
        Replacement,
        Renaming,
    }

    private void ReadChoices(SqlStarChoice choice, StarPart part)
    {
        if (!Accept(SqlTokenKind.Open))
        {
            ReadChoice(choice, part);
            return;
        }

        do
        {
            ReadChoice(choice, part);
        }
        while (Accept(SqlTokenKind.Comma) && !Is(SqlTokenKind.Close));
        Expect(SqlTokenKind.Close, ")");
    }

    private void ReadChoice(SqlStarChoice choice, StarPart part)
    {
        if (part == StarPart.Replacement)
        {
            ReadExpression();
            Expect(SqlKeyword.As, "AS");
        }

        var name = _at;
        string? table = null;
        ReadName("a column name");
        if (!IsFailed && part != StarPart.Replacement && Accept(SqlTokenKind.Dot))
        {
            table = NameOf(name);
            name = ReadPart();
        }

        if (IsFailed)
        {
            return;
        }

        switch (part)
        {
            case StarPart.Exclusion:
                choice.Excluded.Add((table, NameOf(name)));
                break;
            case StarPart.Replacement:
                choice.Replaced.Add(NameOf(name));
                break;
            default:
                Expect(SqlKeyword.As, "AS");
                var column = NameOf(name);
                name = _at;
                ReadName("a column name");
                if (!IsFailed)
                {
                    choice.Renamed[column] = NameOf(name);
                }

                break;
        }
    }

    /// <summary><c>COLUMNS(*)</c>, <c>COLUMNS('pattern')</c>, <c>COLUMNS(c -> ...)</c>: what is chosen by more than names is everything.</summary>
    private void ReadColumns()
    {
        Enter();
        Accept(SqlTokenKind.Star);
        Advance();
        Expect(SqlTokenKind.Open, "(");
        var star = Is(SqlTokenKind.Star) ? 1 : QualifiedStarLength();
        SqlStarChoice? choice;
        if (star is 1 or 3)
        {
            var qualifier = star == 3 ? _at : -1;
            _at += star;
            choice = ReadStarChoice(qualifier) ?? new SqlStarChoice { Qualifier = qualifier };
        }
        else
        {
            choice = new SqlStarChoice { IsFiltered = true };
            ReadChooser();
        }

        Expect(SqlTokenKind.Close, ")");
        _spreads = true;
        _hasStar = true;
        AddStarReference(choice);
        Leave();
    }

    /// <summary>A pattern, a list of names or a function of a name. Nothing in it can read a column.</summary>
    private void ReadChooser()
    {
        var parameters = _lists.LambdaParameters.Count;
        _callDepth++;
        ReadExpression();
        _callDepth--;
        if (!IsFailed)
        {
            _lists.LambdaParameters.RemoveRange(parameters, _lists.LambdaParameters.Count - parameters);
        }
    }

    private void AddStarReference(SqlStarChoice choice)
    {
        if (IsFailed)
        {
            return;
        }

        _referenceCount++;
        _lists.Pending.Add(new SqlColumnReference { Schema = -1, Qualifier = -1, Name = _at - 1, Level = _level, Star = choice });
    }

    /// <summary>Reads what a star in an expression stands for.</summary>
    private bool FindStar(SqlStarChoice choice, int from, int to)
    {
        var isFound = false;
        Span<char> buffer = stackalloc char[SqlLanguage.MaxNameLength];
        var qualifier = buffer[..(choice.Qualifier < 0 ? 0 : CopyName(choice.Qualifier, buffer))];
        for (var i = from; i < to; i++)
        {
            var relation = _lists.Relations[i];
            if (choice.Qualifier < 0 || qualifier.SequenceEqual(relation.Alias))
            {
                isFound = true;
                ReadChosen(relation, choice);
            }
            else if (relation.IndexOf(qualifier) is var index and >= 0)
            {
                // The fields of a column.
                isFound = true;
                relation.Read(index);
            }
            else
            {
                isFound |= relation.IsOpaque;
            }
        }

        return isFound;
    }

    private static void ReadChosen(SqlRelation relation, SqlStarChoice choice)
    {
        var columns = relation.KnownColumns;
        if (relation.IsOpaque || choice.IsFiltered)
        {
            relation.ReadAll();
            return;
        }

        for (var i = 0; i < columns.Count; i++)
        {
            if (!choice.Leaves(columns[i], relation.Alias) && !choice.Replaced.Contains(columns[i]))
            {
                relation.Read(i);
            }
        }
    }

    /// <summary>Puts the columns of a star into the result list.</summary>
    /// <returns>Whether there is something that it may stand for.</returns>
    private bool ExpandDuckDbStar(in SqlOutputColumn star, ref QueryScope scope)
    {
        var choice = star.Choice;
        var isFound = false;
        Span<char> buffer = stackalloc char[SqlLanguage.MaxNameLength];
        var qualifier = buffer[..(star.Token < 0 ? 0 : CopyName(star.Token, buffer))];
        for (var i = scope.Relations; i < _lists.Relations.Count; i++)
        {
            var relation = _lists.Relations[i];
            if (relation.IsFilter)
            {
                continue;
            }

            if (star.Token >= 0 && !qualifier.SequenceEqual(relation.Alias))
            {
                if (relation.IndexOf(qualifier) is var index and >= 0)
                {
                    isFound = true;
                    relation.Read(index);
                    scope.IsOpaque = true;
                }
                else if (relation.IsOpaque)
                {
                    isFound = true;
                    scope.IsOpaque = true;
                }

                continue;
            }

            isFound = true;
            ReadChosen(relation, choice ?? new SqlStarChoice());
            scope.IsOpaque |= relation.IsOpaque || choice is { IsFiltered: true };
            AddStarColumns(relation, choice, star.Token >= 0);
        }

        return isFound;
    }

    private readonly void AddStarColumns(SqlRelation relation, SqlStarChoice? choice, bool isQualified)
    {
        foreach (var column in relation.KnownColumns.Take(relation.KnownColumns.Count - relation.HiddenColumns))
        {
            if ((!isQualified && relation.Merged?.Contains(column) == true) || choice?.Leaves(column, relation.Alias) == true)
            {
                continue;
            }

            var isRenamed = choice is not null && choice.Renamed.TryGetValue(column, out _);
            _lists.Outputs.Add(new SqlOutputColumn(
                isRenamed ? choice!.Renamed[column] : column, -1, IsFromStar: choice is not { IsFiltered: true } && !isRenamed));
        }
    }
}
