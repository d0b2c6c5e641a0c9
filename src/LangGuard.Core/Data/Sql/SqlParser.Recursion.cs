namespace LangGuard.Data;

/// <summary>Queries of WITH that call themselves and join what they gave before to itself: each round doubles it.</summary>
internal ref partial struct SqlParser
{
    /// <summary>Whether the engine has no limit for a value of its own.</summary>
    private readonly bool GrowsFreely => _language.IsPostgresLike;

    /// <summary>Looks at the part of a query that calls itself.</summary>
    /// <param name="table">What it calls.</param>
    /// <param name="arm">The part, before its names are gone.</param>
    /// <param name="first">Where it begins.</param>
    private void CheckRecursion(SqlCommonTable? table, in QueryScope arm, int first)
    {
        if (IsFailed || !GrowsFreely || table is not { IsRead: true, Columns: { Count: > 0 } names })
        {
            return;
        }

        if (table.IsReadInside || !arm.IsOpen)
        {
            // What comes back through other queries or parentheses is not followed.
            if (arm.IsOpen ? Product(_joined, _sources) > 1 : _sources > 1)
            {
                RefuseGrowth(first);
            }

            return;
        }

        var items = _lists.Items.GetRange(arm.Items, _lists.Items.Count - arm.Items);
        var size = Math.Min(names.Count, items.Count);
        if (size > MaxRecursiveColumns)
        {
            return;
        }

        Span<long> uses = stackalloc long[MaxRecursiveColumns * MaxRecursiveColumns];
        Span<bool> reaches = stackalloc bool[MaxRecursiveColumns * MaxRecursiveColumns];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                uses[(i * size) + j] = UsesOf(items[i], names[j]);
                reaches[(i * size) + j] = uses[(i * size) + j] > 0;
            }
        }

        for (var via = 0; via < size; via++)
        {
            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j < size; j++)
                {
                    reaches[(i * size) + j] |= reaches[(i * size) + via] && reaches[(via * size) + j];
                }
            }
        }

        for (var i = 0; i < size; i++)
        {
            var sum = 0L;
            for (var j = 0; j < size; j++)
            {
                sum += reaches[(j * size) + i] ? uses[(i * size) + j] : 0;
            }

            if (sum > 1 && JoinsItem(items[i]))
            {
                RefuseGrowth(items[i].First);
            }
        }
    }

    private const int MaxRecursiveColumns = 32;

    private void RefuseGrowth(int at) => RefuseAt(
        _tokens[at].Start,
        "a value that is joined once, or left(value, 100)",
        "The values may become too large: a query that calls itself joins what it gave before to itself.");

    private readonly bool JoinsItem((int First, int End) item)
    {
        if (IsCut(item))
        {
            return false;
        }

        for (var i = item.First; i < item.End; i++)
        {
            if (IsJoin(i))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary><c>left(a || b, 100)</c>: only that much is left, whatever is joined.</summary>
    private readonly bool IsCut((int First, int End) item) =>
        _tokens[item.First..item.End] is [{ Kind: SqlTokenKind.Word } name, { Kind: SqlTokenKind.Open }, .., { Kind: SqlTokenKind.Comma },
            { Kind: SqlTokenKind.Number } most, { Kind: SqlTokenKind.Close }] call
        && IsWhole(call[1..]) && (IsWord(name, "left") || IsWord(name, "substr") || IsWord(name, "substring")) && NumberOf(most) is >= 0 and <= MaxSize;

    /// <summary>How often an item uses a name: of the branches of CASE, the one that does most.</summary>
    private readonly long UsesOf((int First, int End) item, string name)
    {
        var (most, count) = (0L, 0L);
        var isCase = _tokens[item.First].Keyword == SqlKeyword.Case;
        for (var i = item.First; i < item.End; i++)
        {
            if (_tokens[i].Keyword == SqlKeyword.When)
            {
                i = EndOfCondition(i, item.End);
                (most, count) = isCase ? (Math.Max(most, count), 0) : (most, count);
                continue;
            }

            if (isCase && _tokens[i].Keyword == SqlKeyword.Else)
            {
                (most, count) = (Math.Max(most, count), 0);
            }

            count += IsValueName(i) && TextOf(_tokens[i]).Trim('"').Equals(name, StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        }

        return Math.Max(most, count);
    }
}
