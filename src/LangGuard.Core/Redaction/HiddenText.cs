using System.Text;

namespace LangGuard.Redaction;

/// <summary>Removes characters that carry text which no person sees: tag characters, long runs of variation selectors,
/// terminal escapes. What was removed is marked.</summary>
internal static class HiddenText
{
    /// <summary>An emoji needs one selector; a run of more carries data.</summary>
    private const int MostSelectors = 2;

    internal static string Remove(string text)
    {
        if (!MayHold(text))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var at = 0;
        while (at < text.Length)
        {
            var (length, isHidden) = Run(text, at);
            if (isHidden)
            {
                result.Append(ResultMarker.Removed("hidden text"));
            }
            else
            {
                result.Append(text, at, length);
            }

            at += length;
        }

        return result.ToString();
    }

    private static bool MayHold(ReadOnlySpan<char> text) => text.ContainsAny("\uDB40\u001B\u009B") || HasSelectorRun(text);

    private static bool HasSelectorRun(ReadOnlySpan<char> text) =>
        text.IndexOfAnyInRange('\uFE00', '\uFE0F') is var at and >= 0
        && text.Length - at > MostSelectors;

    /// <summary>How many characters from here belong together, and whether they are hidden text.</summary>
    private static (int Length, bool IsHidden) Run(string text, int at)
    {
        if (text[at] is '\u001B' or '\u009B')
        {
            return (EscapeLength(text, at), true);
        }

        var end = at;
        var tags = 0;
        var selectors = 0;
        while (end < text.Length && Rune.TryGetRuneAt(text, end, out var rune))
        {
            if (rune.Value is >= 0xE0000 and <= 0xE007F)
            {
                tags++;
            }
            else if (rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF))
            {
                selectors++;
            }
            else
            {
                break;
            }

            end += rune.Utf16SequenceLength;
        }

        // A flag of a region is one black flag with up to six tags and an end tag; more is text.
        var isHidden = tags > 7 || (tags > 0 && !FollowsFlag(text, at)) || selectors > MostSelectors;
        return (Math.Max(1, end - at), isHidden);
    }

    private static bool FollowsFlag(string text, int at) => at >= 2 && text[at - 2] == '\uD83C' && text[at - 1] == '\uDFF4';

    private static int EscapeLength(string text, int at)
    {
        var end = at + 1;
        if (text[at] == '\u001B' && end < text.Length && text[end] is '[' or ']' or 'P' or '_' or '^')
        {
            end++;
        }

        var most = Math.Min(text.Length, end + 64);
        while (end < most && text[end] is (>= '0' and <= '?') or (>= ' ' and <= '/'))
        {
            end++;
        }

        return Math.Min(end + 1, text.Length) - at;
    }
}
