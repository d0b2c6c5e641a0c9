using System.Text;

namespace LangGuard.Data;

/// <summary>What names in expressions mean.</summary>
internal ref partial struct SqlParser
{
    private void AddReference(int schema, int qualifier, int name, bool isWholeRow = false)
    {
        _referenceCount++;
        _lists.Pending.Add(new SqlColumnReference
        {
            Schema = schema,
            Qualifier = qualifier,
            Name = name,
            Level = _level,
            Aliases = _aliasRule,
            IsWholeRow = isWholeRow,
        });
    }

    /// <summary>Resolves names from a place on the stack against a range of FROM items. Names that are found leave the
    /// stack.</summary>
    private void Resolve(int pending, int from, int to, int outputs)
    {
        var references = _lists.Pending;
        var kept = pending;
        for (var i = pending; i < references.Count; i++)
        {
            var reference = references[i];
            if (reference.Level == _level && Find(ref reference, from, to, outputs))
            {
                continue;
            }

            if (IsFailed)
            {
                return;
            }

            references[kept++] = reference;
        }

        references.RemoveRange(kept, references.Count - kept);
    }

    /// <summary>At the end of the statement every name must have been found.</summary>
    private void ResolveRest()
    {
        if (IsFailed)
        {
            return;
        }

        foreach (var reference in _lists.Pending)
        {
            if (!reference.IsSatisfied)
            {
                RefuseAt(
                    _tokens[reference.Qualifier < 0 ? reference.Name : reference.Qualifier].Start,
                    reference.Qualifier < 0 ? "a column of the tables in FROM" : "the name or alias of a table in FROM",
                    "The name is not known here. Text values go between single quotes.");
                return;
            }
        }
    }

    private bool Find(ref SqlColumnReference reference, int from, int to, int outputs)
    {
        if (_language.IsDuckDb)
        {
            return FindDuckDb(ref reference, from, to, outputs);
        }

        if (reference.Qualifier >= 0)
        {
            var isKnown = FindQualified(reference, from, to);
            reference.IsSatisfied |= isKnown;
            return isKnown && !_language.LooksFurther;
        }

        Span<char> buffer = stackalloc char[SqlLanguage.MaxNameLength];
        var name = buffer[..CopyName(reference.Name, buffer)];
        var isAlias = reference.Aliases != SqlAliasRule.No && HasOutput(reference.Name, outputs);
        if (isAlias && reference.Aliases == SqlAliasRule.BeforeColumns)
        {
            return true;
        }

        var isFound = false;
        var isOpaque = false;
        for (var i = from; i < to; i++)
        {
            var relation = _lists.Relations[i];
            if (relation.IndexOf(name) is var index and >= 0)
            {
                relation.Read(index);
                isFound = true;
            }

            isOpaque |= relation.IsOpaque;
        }

        if (_language.IsTSql && !isFound && CouldMeanColumn(reference.Name, name, from, to))
        {
            return true;
        }

        if (isFound || isAlias)
        {
            reference.IsSatisfied = true;
            return !_language.LooksFurther;
        }

        reference.IsSatisfied |= isOpaque;
        if (_language.IsSystemColumn(name))
        {
            for (var i = from; i < to; i++)
            {
                if (_lists.Relations[i].Use is { } use)
                {
                    use.AddSystemColumn();
                    isFound = true;
                }
            }

            reference.IsSatisfied |= isFound;
            return isFound && !_language.LooksFurther;
        }

        return _language.IsPostgres && FindWholeRow(ref reference, name, from, to);
    }

    /// <summary>A name that no column is spelt like, but that the server may take for one all the same, is refused.</summary>
    private bool CouldMeanColumn(int token, scoped ReadOnlySpan<char> name, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var relation = _lists.Relations[i];
            if (Ascii.IsValid(name) && !relation.HasOtherLetters)
            {
                continue;
            }

            foreach (var column in relation.KnownColumns)
            {
                if (SqlNames.CouldMean(name, column))
                {
                    RefuseAt(_tokens[token].Start, "the same spelling", "The server may take the name for another one.");
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>In PostgreSQL the name of a table alone is its whole row, unless a column further out has the name.</summary>
    private readonly bool FindWholeRow(
        ref SqlColumnReference reference, scoped ReadOnlySpan<char> name, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (_lists.Relations[i].Alias is { } alias && name.SequenceEqual(alias))
            {
                _lists.Relations[i].ReadAll();
                reference.IsSatisfied = true;
            }
        }

        return false;
    }

    private bool FindQualified(in SqlColumnReference reference, int from, int to)
    {
        Span<char> qualifierBuffer = stackalloc char[SqlLanguage.MaxNameLength];
        Span<char> nameBuffer = stackalloc char[SqlLanguage.MaxNameLength];
        var qualifier = qualifierBuffer[..CopyName(reference.Qualifier, qualifierBuffer)];
        var name = nameBuffer[..CopyName(reference.Name, nameBuffer)];
        var isKnown = false;
        var isFound = false;
        for (var i = from; i < to; i++)
        {
            var relation = _lists.Relations[i];
            if (!qualifier.SequenceEqual(relation.Alias) || !IsInSchema(relation, reference.Schema))
            {
                if (_language.IsTSql && relation.Alias is { } other && !qualifier.SequenceEqual(other) && SqlNames.CouldMean(qualifier, other))
                {
                    RefuseAt(_tokens[reference.Qualifier].Start, "the same spelling", "The server may take the name for another one.");
                }

                continue;
            }

            isKnown = true;
            if (reference.IsWholeRow)
            {
                relation.ReadAll();
            }

            if (_tokens[reference.Name].Kind == SqlTokenKind.Star)
            {
                relation.ReadAll();
                isFound = true;
            }
            else if (relation.IndexOf(name) is var index and >= 0)
            {
                relation.Read(index);
                isFound = true;
            }
            else if (relation.Use is { } use && _language.IsSystemColumn(name))
            {
                use.AddSystemColumn();
                isFound = true;
            }
            else
            {
                isFound |= relation.IsOpaque;
            }
        }

        if (isKnown && !isFound && !reference.IsSatisfied)
        {
            // In PostgreSQL such a name may also call a function on the row.
            RefuseAt(_tokens[reference.Name].Start, "a column of this table", "The table has no column of this name.");
        }

        return isFound;
    }

    private bool IsInSchema(SqlRelation relation, int schema)
    {
        if (schema < 0)
        {
            return true;
        }

        Span<char> buffer = stackalloc char[SqlLanguage.MaxNameLength];
        var name = buffer[..CopyName(schema, buffer)];
        return relation is { IsPlain: true, Use: { } use } && name.SequenceEqual(use.Schema ?? _schema.DefaultSchema);
    }

    /// <summary>Whether the result list from a place on the stack has a column of this name.</summary>
    private bool HasOutput(int token, int outputs, int parts = 0)
    {
        Span<char> nameBuffer = stackalloc char[SqlLanguage.MaxNameLength];
        Span<char> buffer = stackalloc char[SqlLanguage.MaxNameLength];
        var name = nameBuffer[..CopyName(token, nameBuffer)];
        for (var i = outputs; i < _lists.Outputs.Count; i++)
        {
            var output = _lists.Outputs[i];

            // A name is not explained by the column that it makes itself.
            if (output.IsStar || (parts > 0 && output.Token >= token && output.Token < token + (2 * parts)))
            {
                continue;
            }

            if (output.Name is null
                ? name.SequenceEqual(buffer[..CopyName(output.Token, buffer)])
                : name.SequenceEqual(output.Name))
            {
                return true;
            }
        }

        return false;
    }

    private List<string> OutputNames(int outputs)
    {
        var names = new List<string>(Math.Max(0, _lists.Outputs.Count - outputs));
        for (var i = outputs; i < _lists.Outputs.Count && !IsFailed; i++)
        {
            var output = _lists.Outputs[i];
            names.Add(output.Name ?? NameOf(output.Token));
        }

        if (_language.IsDuckDb)
        {
            NumberTwins(names);
        }

        return names;
    }

    /// <summary>In a query inside another DuckDB gives the second column <c>id</c> the name <c>id_1</c>.</summary>
    private static void NumberTwins(List<string> names)
    {
        Dictionary<string, int>? seen = null;
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == SqlOutputColumn.Unnamed)
            {
                continue;
            }

            seen ??= new Dictionary<string, int>(StringComparer.Ordinal);
            if (!seen.TryAdd(names[i], 0))
            {
                names[i] = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{names[i]}_{++seen[names[i]]}");
            }
        }
    }

    /// <summary>Replaces the stars of a result list, now that FROM is known.</summary>
    private void ExpandStars(ref QueryScope scope)
    {
        var outputs = _lists.Outputs;
        var hasStar = false;
        for (var i = scope.Outputs; i < outputs.Count; i++)
        {
            hasStar |= outputs[i].IsStar;
        }

        if (!hasStar || IsFailed)
        {
            return;
        }

        var items = outputs.GetRange(scope.Outputs, outputs.Count - scope.Outputs);
        outputs.RemoveRange(scope.Outputs, outputs.Count - scope.Outputs);
        foreach (var item in items)
        {
            if (!item.IsStar)
            {
                outputs.Add(item);
            }
            else if (!(_language.IsDuckDb ? ExpandDuckDbStar(item, ref scope) : ExpandStar(item, ref scope)))
            {
                RefuseAt(
                    item.Token < 0 ? Current.Start : _tokens[item.Token].Start,
                    "the name or alias of a table in FROM", "There is no table for this star.");
                return;
            }

            if (outputs.Count - scope.Outputs > MaxColumns)
            {
                Refuse("fewer columns", "The query has too many columns.");
                return;
            }
        }
    }

    private bool ExpandStar(in SqlOutputColumn star, ref QueryScope scope)
    {
        var isFound = false;
        Span<char> buffer = stackalloc char[SqlLanguage.MaxNameLength];
        var qualifier = buffer[..(star.Token < 0 ? 0 : CopyName(star.Token, buffer))];
        for (var i = scope.Relations; i < _lists.Relations.Count; i++)
        {
            var relation = _lists.Relations[i];
            if (star.Token >= 0 && !(qualifier.SequenceEqual(relation.Alias) && IsInSchema(relation, star.Schema)))
            {
                continue;
            }

            isFound = true;
            relation.ReadAll();
            scope.IsOpaque |= relation.IsOpaque;
            foreach (var column in relation.KnownColumns.Take(relation.KnownColumns.Count - relation.HiddenColumns))
            {
                if (star.Token >= 0 || relation.Merged?.Contains(column) != true)
                {
                    _lists.Outputs.Add(new SqlOutputColumn(column, -1, IsFromStar: true));
                }
            }
        }

        return isFound;
    }
}
