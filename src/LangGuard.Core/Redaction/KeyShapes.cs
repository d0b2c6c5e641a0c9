using System.Buffers;

namespace LangGuard.Redaction;

/// <summary>Private keys: with their header, with only their footer, and bare.</summary>
internal static class KeyShapes
{
    private const string Words = "PRIVATE KEY";

    /// <summary>A header or footer line is at most this long.</summary>
    private const int Line = 80;

    /// <summary>What is hidden before a footer whose header is missing.</summary>
    private const int MaxBody = 16 * 1024;

    private static readonly SearchValues<char> Body =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_\r\n \t\\\"',>|");

    private static readonly SearchValues<char> Base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n\\");

    /// <summary>From the header to the end of the footer, or to the end of the text when the footer is missing.</summary>
    internal static SecretMatch Pem(ReadOnlySpan<char> text, int at, int anchorLength)
    {
        var header = Window(text, at, Line);
        if (header.IndexOf(Words, StringComparison.Ordinal) < 0)
        {
            return SecretMatch.None;
        }

        // First, and within bounds: what is passed over here is looked at again from the next header on.
        if (PemMentions.IsHeader(text, at + header.IndexOf(Words, StringComparison.Ordinal)))
        {
            return SecretMatch.None;
        }

        var from = at + anchorLength;
        var footer = text[from..].IndexOf("---- END", StringComparison.Ordinal);
        var plain = text[from..].IndexOf("-----END", StringComparison.Ordinal);
        var first = footer < 0 ? plain : plain < 0 ? footer : Math.Min(footer, plain);
        return SecretMatch.At(at, first < 0 ? text.Length : EndOfFooter(text, from + first));
    }

    /// <summary>A footer without its header: what a read from the middle of a file returns.</summary>
    internal static SecretMatch PemEnd(ReadOnlySpan<char> text, int at, int anchorLength)
    {
        if (Window(text, at, Line).IndexOf(Words, StringComparison.Ordinal) < 0)
        {
            return SecretMatch.None;
        }

        var before = text[Math.Max(0, at - MaxBody)..at];
        var last = before.LastIndexOfAnyExcept(Body);
        return PemMentions.IsFooter(before[(last + 1)..], isStart: before.Length == at && last < 0)
            ? SecretMatch.None
            : SecretMatch.At(at - before.Length + last + 1, EndOfFooter(text, at));
    }

    /// <summary>The encoded key without header and footer.</summary>
    internal static SecretMatch Body64(ReadOnlySpan<char> text, int at, int anchorLength)
    {
        var before = text[Math.Max(0, at - Line)..at];
        var start = at - before.Length + before.LastIndexOfAnyExcept(Base64) + 1;
        var end = TokenShapes.Run(text, at + anchorLength, Base64);
        return end - start >= 48 ? SecretMatch.At(start, end) : SecretMatch.None;
    }

    internal static SecretMatch ToEnd(ReadOnlySpan<char> text, int at, int anchorLength) =>
        SecretMatch.At(at, text.Length);

    internal static ReadOnlySpan<char> Window(ReadOnlySpan<char> text, int at, int length) =>
        text.Slice(at, Math.Min(length, text.Length - at));

    private static int EndOfFooter(ReadOnlySpan<char> text, int footer)
    {
        var rest = Window(text, footer + 8, Line);
        var dashes = rest.IndexOf("----", StringComparison.Ordinal);
        if (dashes < 0)
        {
            return footer + 8 + rest.Length;
        }

        var end = footer + 8 + dashes;
        while (end < text.Length && text[end] == '-')
        {
            end++;
        }

        return end;
    }
}
