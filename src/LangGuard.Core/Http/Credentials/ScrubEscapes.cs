using System.Buffers;
using System.Globalization;

namespace LangGuard.Http;

/// <summary>Reads escapes.</summary>
internal static class ScrubEscapes
{
    /// <summary>The longest escape.</summary>
    public const int MaxLength = 12;

    public const int NeedMore = -1;

    private static readonly SearchValues<byte> HtmlNames =
        SearchValues.Create("#0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    public static byte First(ScrubEscape escape) => escape switch
    {
        ScrubEscape.Percent => (byte)'%',
        ScrubEscape.Json => (byte)'\\',
        _ => (byte)'&',
    };

    /// <summary>The length of the escape at the start, 0 when there is none, or <see cref="NeedMore"/>.</summary>
    /// <param name="escape">Which kind.</param>
    /// <param name="text">Bytes that begin with <see cref="First"/>.</param>
    /// <param name="value">The code that the escape stands for.</param>
    public static int Read(ScrubEscape escape, ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        if (text.Length < 2)
        {
            return NeedMore;
        }

        return escape switch
        {
            ScrubEscape.Percent => text[1] is (byte)'u' or (byte)'U' ? Hex(text, 2, 4, out value) : Hex(text, 1, 2, out value),
            ScrubEscape.Json => ReadJson(text, out value),
            _ => ReadHtml(text, out value),
        };
    }

    private static int ReadJson(ReadOnlySpan<byte> text, out int value)
    {
        switch (text[1])
        {
            case (byte)'u' or (byte)'U':
                return Hex(text, 2, 4, out value);
            case (byte)'x' or (byte)'X':
                return Hex(text, 2, 2, out value);
            default:
                value = text[1] switch
                {
                    (byte)'b' => '\b',
                    (byte)'f' => '\f',
                    (byte)'n' => '\n',
                    (byte)'r' => '\r',
                    (byte)'t' => '\t',
                    (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'\'' => text[1],
                    _ => -1,
                };
                return value < 0 ? 0 : 2;
        }
    }

    private static int ReadHtml(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        var end = text.IndexOf((byte)';');
        if (end < 0)
        {
            return text.Length < MaxLength && !text[1..].ContainsAnyExcept(HtmlNames)
                ? NeedMore
                : 0;
        }

        var name = text[1..end];
        if (name.StartsWith((byte)'#'))
        {
            var isHex = name.Length > 1 && name[1] is (byte)'x' or (byte)'X';
            return int.TryParse(
                name[(isHex ? 2 : 1)..], isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
                CultureInfo.InvariantCulture, out value) && value <= 0xffff
                ? end + 1
                : 0;
        }

        value = name.SequenceEqual("amp"u8) ? '&'
            : name.SequenceEqual("lt"u8) ? '<'
            : name.SequenceEqual("gt"u8) ? '>'
            : name.SequenceEqual("quot"u8) ? '"'
            : name.SequenceEqual("apos"u8) ? '\''
            : -1;
        return value < 0 ? 0 : end + 1;
    }

    private static int Hex(ReadOnlySpan<byte> text, int at, int count, out int value)
    {
        value = 0;
        for (var i = at; i < at + count; i++)
        {
            if (i == text.Length)
            {
                return NeedMore;
            }

            if (!char.IsAsciiHexDigit((char)text[i]))
            {
                return 0;
            }

            value = (value << 4) | HexValue(text[i]);
        }

        return at + count;
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
