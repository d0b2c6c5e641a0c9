using System.Collections.Frozen;

namespace LangGuard.Data;

/// <summary>What names mean in DuckDB. Where the engine chooses among several meanings, all of them count.</summary>
internal ref partial struct SqlParser
{
    private const int MaxLambdaParameters = 32;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> TimeUnits =
        ("year years month months day days hour hours minute minutes second seconds millisecond milliseconds microsecond microseconds "
        + "week weeks quarter quarters decade decades century centuries millennium millennia")
        .Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <returns>Whether it is settled: a column of this very query, which the engine takes before anything further out.</returns>
    private bool FindDuckDb(ref SqlColumnReference reference, int from, int to, int outputs)
    {
        if (reference.Star is { } choice)
        {
            var isStar = FindStar(choice, from, to);
            reference.IsSatisfied |= isStar;
            return isStar;
        }

        if (reference.Parts > 1)
        {
            return FindChain(ref reference, from, to, outputs);
        }

        Span<char> buffer = stackalloc char[SqlLanguage.MaxNameLength];
        var name = buffer[..CopyName(reference.Name, buffer)];
        var isFound = false;
        for (var i = from; i < to; i++)
        {
            var relation = _lists.Relations[i];
            if (relation.IndexOf(name) is var index and >= 0)
            {
                relation.Read(index);
                isFound |= !relation.IsFilter;
                reference.IsSatisfied = true;
            }
        }

        if (isFound)
        {
            return true;
        }

        for (var i = from; i < to; i++)
        {
            var relation = _lists.Relations[i];
            if (relation.Use is { } use && _language.IsSystemColumn(name))
            {
                use.AddSystemColumn();
                reference.IsSatisfied = true;
            }

            if (name.SequenceEqual(relation.Alias))
            {
                relation.ReadAll();
                reference.IsSatisfied = true;
            }

            reference.IsSatisfied |= relation.MayHoldOthers && !IsSessionValue(reference.Name);
        }

        reference.IsSatisfied = reference.IsSatisfied || (reference.Aliases != SqlAliasRule.No && HasOutput(reference.Name, outputs, reference.Parts));
        return false;
    }

    /// <summary><c>column.field</c>, <c>table.column</c>, <c>schema.table.column</c>, <c>table.column.field</c> and so on.</summary>
    private bool FindChain(ref SqlColumnReference reference, int from, int to, int outputs)
    {
        Span<char> firstBuffer = stackalloc char[SqlLanguage.MaxNameLength];
        Span<char> nameBuffer = stackalloc char[SqlLanguage.MaxNameLength];
        var first = firstBuffer[..CopyName(reference.Name, firstBuffer)];
        var isSettled = false;
        for (var i = from; i < to; i++)
        {
            var relation = _lists.Relations[i];
            if (relation.IndexOf(first) is var field and >= 0)
            {
                relation.Read(field);
                reference.IsSatisfied = true;
            }

            reference.IsSatisfied |= relation.MayHoldOthers && relation.Alias is null;

            // The table may stand behind its schema and its database.
            for (var part = 0; part < Math.Min(reference.Parts - 1, 3); part++)
            {
                var qualifier = nameBuffer[..CopyName(reference.Name + (2 * part), nameBuffer)];
                if (!qualifier.SequenceEqual(relation.Alias) || (part > 0 && relation.Use is null))
                {
                    continue;
                }

                var column = nameBuffer[..CopyName(reference.Name + (2 * part) + 2, nameBuffer)];
                if (relation.IndexOf(column) is var index and >= 0)
                {
                    relation.Read(index);
                    reference.IsSatisfied = true;
                    isSettled |= part == 0 && reference.Parts == 2 && !relation.IsFilter;
                }
                else if (relation.Use is { } use && _language.IsSystemColumn(column))
                {
                    use.AddSystemColumn();
                    reference.IsSatisfied = true;
                }
                else
                {
                    reference.IsSatisfied |= relation.MayHoldOthers;
                }
            }
        }

        reference.IsSatisfied = reference.IsSatisfied || (reference.Aliases != SqlAliasRule.No && HasOutput(reference.Name, outputs, reference.Parts));
        return isSettled;
    }
}
