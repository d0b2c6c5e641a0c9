using System.Buffers;
using System.Globalization;
using System.Text;

namespace LangGuard.Http;

/// <summary>Strict percent-decoding: only well-formed UTF-8 comes out, or nothing.</summary>
internal static class PercentEncoding
{
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (true)
        {
            var at = text.IndexOf('%');
            if (at < 0)
            {
                return true;
            }

            if (!IsEscape(text, at))
            {
                return false;
            }

            text = text[(at + 3)..];
        }
    }

    public static bool HasEscape(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOf('%'); at >= 0;)
        {
            if (IsEscape(text, at))
            {
                return true;
            }

            var next = text[(at + 1)..].IndexOf('%');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    /// <summary>Decodes every escape once. An encoded slash becomes <paramref name="slash"/>. False for invalid UTF-8.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, char slash, out string decoded, out bool hadSlash)
    {
        decoded = string.Empty;
        hadSlash = false;
        var result = new StringBuilder(text.Length);
        Span<byte> run = stackalloc byte[64];
        var i = 0;
        while (i < text.Length)
        {
            if (!IsEscape(text, i))
            {
                result.Append(text[i++]);
                continue;
            }

            var length = 0;
            while (length < run.Length && IsEscape(text, i))
            {
                run[length++] = byte.Parse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                i += 3;
            }

            var pending = (ReadOnlySpan<byte>)run[..length];
            while (!pending.IsEmpty)
            {
                var status = Rune.DecodeFromUtf8(pending, out var rune, out var used);
                if (status == OperationStatus.NeedMoreData && length == run.Length)
                {
                    // The sequence continues past this run: take its bytes again with the next one.
                    i -= 3 * pending.Length;
                    break;
                }

                if (status != OperationStatus.Done)
                {
                    return false;
                }

                hadSlash |= rune.Value == '/';
                result.Append(rune.Value == '/' ? slash.ToString() : rune.ToString());
                pending = pending[used..];
            }
        }

        decoded = result.ToString();
        return true;
    }

    private static bool IsEscape(ReadOnlySpan<char> text, int at) =>
        at + 2 < text.Length && text[at] == '%'
        && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2]);
}
