using System.Numerics;

namespace LangGuard.Misuse;

/// <summary>How known words are put together. Words that anybody may say can still spell something, by which of them come in what
/// order, by their letter case, and by what stands between them; this bounds all three.</summary>
internal struct Wording
{
    /// <summary>Punctuation that an ordinary text has in one place.</summary>
    internal const int MostBetween = 6;

    private const int MostOfOne = 80;
    private const int FewWords = 8;
    private const int PerWord = 4;
    private const int ManyWords = 200;

    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    /// <summary>How many words.</summary>
    internal int Count { get; private set; }

    /// <summary>Whether few words come so often that their order says more than they do.</summary>
    internal readonly bool Repeats(int perWord = PerWord)
    {
        var distinct = BitOperations.PopCount(_a) + BitOperations.PopCount(_b) + BitOperations.PopCount(_c) + BitOperations.PopCount(_d);
        return distinct < ManyWords && Count > FewWords + (perWord * distinct);
    }

    internal void Add(ulong hash)
    {
        Count++;
        var bit = 1UL << (int)(hash & 63);
        switch ((hash >> 6) & 3)
        {
            case 0:
                _a |= bit;
                break;
            case 1:
                _b |= bit;
                break;
            case 2:
                _c |= bit;
                break;
            default:
                _d |= bit;
                break;
        }
    }

    /// <summary>Whether punctuation is more than punctuation: long, and not all the same.</summary>
    internal static bool IsOdd(ReadOnlySpan<char> between) =>
        between.Length > MostBetween && (between.Length > MostOfOne || between.ContainsAnyExcept(between[0]));

    /// <summary>Whether capital letters stand where no name and no sentence has them: in such a word the letter case counts.</summary>
    internal static bool HasOwnCase(ReadOnlySpan<char> word)
    {
        var upper = 0;
        var lower = 0;
        foreach (var letter in word)
        {
            upper += char.IsUpper(letter) ? 1 : 0;
            lower += char.IsLower(letter) ? 1 : 0;
        }

        return upper > 2 && lower > 0;
    }
}
