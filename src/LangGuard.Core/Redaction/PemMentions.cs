using System.Buffers;

namespace LangGuard.Redaction;

/// <summary>Tells code and manuals that name the frame of a key from a key in its frame.</summary>
internal static class PemMentions
{
    /// <summary>How far behind a header and before a footer is looked.</summary>
    private const int Reach = 512;

    /// <summary>A frame around fewer letters than this is one of a manual, unless it holds nothing else.</summary>
    private const int FewestLetters = 40;

    /// <summary>A line of a key, also a short one; longer than the names in code.</summary>
    private const int Run = 24;

    /// <summary>What stands behind a frame in code and in a sentence. A key has a line end there, or its escape.</summary>
    private static readonly SearchValues<char> Around = SearchValues.Create("\"'`)/,;.<] ");

    private static readonly SearchValues<char> Base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");

    /// <param name="text">The text.</param>
    /// <param name="words">Where the words of the header stand.</param>
    internal static bool IsHeader(ReadOnlySpan<char> text, int words)
    {
        var start = words;
        var end = Math.Min(text.Length, words + Reach);
        while (start < end && text[start] != '-')
        {
            start++;
        }

        while (start < end && text[start] == '-')
        {
            start++;
        }

        var body = KeyShapes.Window(text, start, Reach);
        var footer = body.IndexOf("---- END", StringComparison.Ordinal) is var ssh and >= 0 ? ssh : body.IndexOf("-----END", StringComparison.Ordinal);
        body = footer < 0 ? body : body[..footer];
        return (footer >= 0 && Letters(body) < FewestLetters && !HoldsOnlyLines(body))
            || (!body.IsEmpty && Around.Contains(body[0]) && !HasRun(body));
    }

    /// <param name="before">What may be the body before a footer.</param>
    /// <param name="isStart">Whether the text begins with it: then it may be the short rest of a key.</param>
    internal static bool IsFooter(ReadOnlySpan<char> before, bool isStart) =>
        (!isStart || before.IsEmpty || Around.Contains(before[^1])) && !HasRun(before[Math.Max(0, before.Length - Reach)..]);

    /// <summary>Whether a frame holds lines of letters of a key and nothing else: then it is one, however short. A stand-in has dots, signs
    /// or words.</summary>
    private static bool HoldsOnlyLines(ReadOnlySpan<char> body)
    {
        var hasLetters = false;
        while (!body.IsEmpty)
        {
            var end = body.IndexOfAny('\n', '\r', '\\') is var found and >= 0 ? found : body.Length;
            var line = body[..end].Trim();
            if (line.ContainsAnyExcept(Base64))
            {
                return false;
            }

            hasLetters |= !line.IsEmpty;
            var isEscape = end < body.Length && body[end] == '\\';
            if (isEscape && !(end + 1 < body.Length && body[end + 1] is 'n' or 'r'))
            {
                return false;
            }

            body = body[Math.Min(body.Length, end + (isEscape ? 2 : 1))..];
        }

        return hasLetters;
    }

    private static int Letters(ReadOnlySpan<char> body)
    {
        var count = 0;
        foreach (var c in body)
        {
            count += Base64.Contains(c) ? 1 : 0;
            if (count >= FewestLetters)
            {
                break;
            }
        }

        return count;
    }

    private static bool HasRun(ReadOnlySpan<char> body)
    {
        while (body.IndexOfAny(Base64) is var from and >= 0)
        {
            body = body[from..];
            var length = body.IndexOfAnyExcept(Base64) is var end and >= 0 ? end : body.Length;
            if (length >= Run)
            {
                return true;
            }

            body = body[length..];
        }

        return false;
    }
}
