using System.Globalization;
using System.Text;
using LangGuard.Redaction;

namespace LangGuard.Observability;

/// <summary>Text of an agent's choosing, made fit for a log: secrets hidden, cut to size, and nothing left that could
/// begin a line, a colour or another direction.</summary>
internal static class LogText
{
    private const int MaxLength = 256;

    internal static string Of(string text, TextRedaction? redaction = null)
    {
        var shown = (redaction ?? TextRedaction.Default).Apply(text);
        var result = new StringBuilder(Math.Min(shown.Length, MaxLength));
        foreach (var rune in shown.EnumerateRunes())
        {
            if (result.Length >= MaxLength)
            {
                return result.Append('…').ToString();
            }

            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate)
            {
                result.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            }
            else
            {
                result.Append(rune);
            }
        }

        return result.ToString();
    }
}
