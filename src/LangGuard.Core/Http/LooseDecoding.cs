using System.Globalization;

namespace LangGuard.Http;

/// <summary>Percent-decoding as the most lenient server does it: several times, %uXXXX, overlong UTF-8, broken escapes left
/// alone. Only for finding what must not be there; what it returns is never sent.</summary>
internal static class LooseDecoding
{
    private const int MaxDepth = 4;

    /// <summary>Decodes inside <paramref name="text"/> and returns the part of it that is left.</summary>
    public static ReadOnlySpan<char> Decode(Span<char> text)
    {
        for (var depth = 0; depth < MaxDepth && text.Contains('%'); depth++)
        {
            var length = DecodeOnce(text);
            if (length == text.Length)
            {
                break;
            }

            text = text[..length];
        }

        return text;
    }

    private static int DecodeOnce(Span<char> text)
    {
        var written = 0;
        for (var at = 0; at < text.Length;)
        {
            if (TryByte(text[at..], out var value))
            {
                at += 3;
                text[written++] = Continue(value, text, ref at);
            }
            else if (text[at] == '%' && at + 5 < text.Length && text[at + 1] is 'u' or 'U'
                && ushort.TryParse(text.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                at += 6;
                text[written++] = (char)unit;
            }
            else
            {
                text[written++] = text[at++];
            }
        }

        return written;
    }

    /// <summary>Reads the bytes that continue a character, without asking whether they are the shortest form.</summary>
    private static char Continue(int lead, Span<char> text, ref int at)
    {
        var (count, value) = lead switch
        {
            >= 0xf0 => (3, lead & 0x07),
            >= 0xe0 => (2, lead & 0x0f),
            >= 0xc0 => (1, lead & 0x1f),
            _ => (0, lead),
        };
        var next = at;
        for (var i = 0; i < count; i++)
        {
            if (!TryByte(text[next..], out var more) || (more & 0xc0) != 0x80)
            {
                return (char)lead;
            }

            value = (value << 6) | (more & 0x3f);
            next += 3;
        }

        at = next;
        return value <= char.MaxValue ? (char)value : '\ufffd';
    }

    private static bool TryByte(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        if (text.Length < 3 || text[0] != '%' || !char.IsAsciiHexDigit(text[1]) || !char.IsAsciiHexDigit(text[2]))
        {
            return false;
        }

        value = int.Parse(text[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return true;
    }
}
