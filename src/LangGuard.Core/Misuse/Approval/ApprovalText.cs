using System.Globalization;
using System.Text;

namespace LangGuard.Misuse;

/// <summary>Text as a person may see it: nothing in it is invisible, turns the line around or moves the cursor.</summary>
internal static class ApprovalText
{
    internal static string Clean(string text, bool keepLines = false)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (keepLines && rune.Value == '\n')
            {
                clean.Append('\n');
            }
            else if (IsVisible(rune))
            {
                clean.Append(rune.ToString());
            }
            else
            {
                clean.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X4}}}");
            }
        }

        return clean.ToString();
    }

    private static bool IsVisible(Rune rune)
    {
        if (rune.Value is ' ')
        {
            return true;
        }

        // Fillers, blanks and selectors that count as letters or marks and show nothing.
        if (rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0 or 0xFFFD
            or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF))
        {
            return false;
        }

        return Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.EnclosingMark);
    }
}
