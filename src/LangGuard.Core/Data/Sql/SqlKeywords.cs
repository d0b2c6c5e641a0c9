using System.Collections.Frozen;

namespace LangGuard.Data;

/// <summary>Finds keywords by their spelling.</summary>
internal static class SqlKeywords
{
    /// <summary>No reserved word of any dialect is longer.</summary>
    internal const int LongestReserved = 32;

    private const int Longest = 18;

    private static readonly FrozenDictionary<string, SqlKeyword>.AlternateLookup<ReadOnlySpan<char>> BySpelling = Make();

    /// <summary>The keyword that a word spells, in any case.</summary>
    internal static SqlKeyword Find(ReadOnlySpan<char> word)
    {
        if (word.Length is < 2 or > Longest)
        {
            return SqlKeyword.None;
        }

        Span<char> folded = stackalloc char[Longest];
        word.CopyTo(folded);
        folded = folded[..word.Length];
        SqlNames.FoldInPlace(folded);
        return BySpelling.TryGetValue(folded, out var keyword) ? keyword : SqlKeyword.None;
    }

    private static FrozenDictionary<string, SqlKeyword>.AlternateLookup<ReadOnlySpan<char>> Make()
    {
        var spellings = new Dictionary<string, SqlKeyword>(StringComparer.Ordinal);
        foreach (var keyword in Enum.GetValues<SqlKeyword>())
        {
            if (keyword is not (SqlKeyword.None or SqlKeyword.Reserved))
            {
                spellings.Add(Spell(keyword), keyword);
            }
        }

        return spellings.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>CurrentDate is spelled current_date.</summary>
    private static string Spell(SqlKeyword keyword)
    {
        var name = keyword.ToString();
        var second = name.AsSpan(1).IndexOfAnyInRange('A', 'Z');
        return SqlNames.Fold(second < 0 ? name : $"{name[..(second + 1)]}_{name[(second + 1)..]}");
    }
}
