using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace LangGuard.Permissions;

/// <summary>
/// Canonical decomposition of names. The platform's own depends on a library that many containers leave out, and then leaves
/// the text as it is without a word; a rule must not depend on that.
/// </summary>
internal static partial class CanonicalForms
{
    private const int HangulFirst = 0xAC00;
    private const int HangulLast = 0xD7A3;
    private const int HangulLead = 0x1100;
    private const int HangulVowel = 0x1161;
    private const int HangulTail = 0x11A7;
    private const int HangulVowels = 21;
    private const int HangulTails = 28;
    private static readonly Lazy<FrozenDictionary<int, Rune[]>> Parts = new(ReadTable);

    /// <summary>The text with every character decomposed, and marks on one letter in one order.</summary>
    public static string Decompose(string text)
    {
        List<Rune> runes = new(text.Length + 8);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is >= HangulFirst and <= HangulLast)
            {
                AddHangul(runes, rune.Value - HangulFirst);
            }
            else if (!rune.IsAscii && Parts.Value.TryGetValue(rune.Value, out Rune[]? parts))
            {
                runes.AddRange(parts);
            }
            else
            {
                runes.Add(rune);
            }
        }

        OrderMarks(runes);
        StringBuilder decomposed = new(runes.Count + 8);
        foreach (Rune rune in runes)
        {
            decomposed.Append(rune.ToString());
        }

        return decomposed.ToString();
    }

    private static void AddHangul(List<Rune> runes, int index)
    {
        runes.Add(new Rune(HangulLead + (index / (HangulVowels * HangulTails))));
        runes.Add(new Rune(HangulVowel + (index % (HangulVowels * HangulTails) / HangulTails)));
        if (index % HangulTails != 0)
        {
            runes.Add(new Rune(HangulTail + (index % HangulTails)));
        }
    }

    // Any order will do, as long as it is one: two spellings of a name differ in it and mean the same.
    private static void OrderMarks(List<Rune> runes)
    {
        for (int start = 0; start < runes.Count; start++)
        {
            int end = start;
            while (end < runes.Count && Rune.GetUnicodeCategory(runes[end]) == UnicodeCategory.NonSpacingMark)
            {
                end++;
            }

            if (end - start > 1)
            {
                runes.Sort(start, end - start, Comparer<Rune>.Default);
            }

            start = end;
        }
    }

    private static FrozenDictionary<int, Rune[]> ReadTable()
    {
        Dictionary<int, Rune[]> parts = [];
        foreach (string entry in Table.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            int cut = entry.IndexOf('=', StringComparison.Ordinal);
            parts.Add(Hex(entry[..cut]), Array.ConvertAll(entry[(cut + 1)..].Split('+'), part => new Rune(Hex(part))));
        }

        return parts.ToFrozenDictionary();
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
