using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace LangGuard.Redaction;

/// <summary>A text as it reads once escapes are undone and characters that nobody sees are left out, with the way back to
/// its places in the original. A model reads it without effort, so a search has to read it too.</summary>
internal sealed class PlainReading
{
    /// <summary>Escapes of escapes.</summary>
    private const int MaxRounds = 8;

    private const int LongestEntity = 16;

    private static readonly SearchValues<char> Undone = SearchValues.Create(
        "\\%&\0\u00AD\u034F\u061C\u180E\u200B\u200C\u200D\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\uFEFF");

    private readonly int[] _starts;
    private readonly int _length;

    private PlainReading(string text, int[] starts, int length)
    {
        Text = text;
        _starts = starts;
        _length = length;
    }

    internal string Text { get; }

    internal static bool MayDiffer(ReadOnlySpan<char> text) => text.ContainsAny(Undone);

    /// <summary>Null when the text reads as it is written.</summary>
    internal static PlainReading? Of(string text)
    {
        PlainReading? reading = null;
        for (var round = 0; round < MaxRounds && text.AsSpan().ContainsAny(Undone); round++)
        {
            var next = Once(text, reading);
            if (next.Text.Length == text.Length)
            {
                break;
            }

            (reading, text) = (next, next.Text);
        }

        return reading;
    }

    /// <summary>The place in the original of a place in this reading, with what is left out behind it.</summary>
    internal (int Start, int End) Original(int start, int end) => (_starts[start], end < Text.Length ? _starts[end] : _length);

    private static PlainReading Once(string text, PlainReading? before)
    {
        var result = new StringBuilder(text.Length);
        var starts = new int[text.Length];
        Span<char> undone = stackalloc char[2];
        var at = 0;
        while (at < text.Length)
        {
            var (consumed, written) = Undone.Contains(text[at]) ? Undo(text, at, undone) : (0, 0);
            if (consumed == 0)
            {
                undone[0] = text[at];
                (consumed, written) = (1, 1);
            }

            for (var i = 0; i < written; i++)
            {
                starts[result.Length] = before?._starts[at] ?? at;
                result.Append(undone[i]);
            }

            at += consumed;
        }

        return new PlainReading(result.ToString(), starts, before?._length ?? text.Length);
    }

    /// <summary>How many characters stand for how many; nothing when they stand for themselves.</summary>
    private static (int Consumed, int Written) Undo(string text, int at, Span<char> undone) => text[at] switch
    {
        '\\' => Escape(text.AsSpan(at), undone),
        '%' => Percent(text.AsSpan(at), undone),
        '&' => Entity(text.AsSpan(at), undone),
        _ => (1, 0),
    };

    private static (int Consumed, int Written) Escape(ReadOnlySpan<char> text, Span<char> undone)
    {
        if (text.Length < 2)
        {
            return (0, 0);
        }

        var digits = text[1] switch { 'u' => 4, 'U' => 8, 'x' => 2, _ => 0 };
        if (digits > 0 && text is not [_, _, '{', ..])
        {
            return text.Length >= 2 + digits && TryHex(text.Slice(2, digits), out var value) && TryWrite(value, undone, out var written)
                ? (2 + digits, written)
                : (0, 0);
        }

        if (text is [_, 'u', '{', ..] && text[..Math.Min(text.Length, LongestEntity + 2)].IndexOf('}') is var end and > 3)
        {
            return TryHex(text[3..end], out var value) && TryWrite(value, undone, out var written) ? (end + 1, written) : (0, 0);
        }

        if (text is [_, >= '0' and <= '3', >= '0' and <= '7', >= '0' and <= '7', ..])
        {
            undone[0] = (char)(((text[1] - '0') * 64) + ((text[2] - '0') * 8) + (text[3] - '0'));
            return (4, 1);
        }

        undone[0] = text[1] switch
        {
            '\\' or '/' or '"' or '\'' => text[1],
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => '\0',
        };
        return undone[0] == '\0' ? (0, 0) : (2, 1);
    }

    private static (int Consumed, int Written) Percent(ReadOnlySpan<char> text, Span<char> undone)
    {
        Span<byte> bytes = stackalloc byte[4];
        var count = 0;
        for (var i = 0; count < bytes.Length && i + 3 <= text.Length && text[i] == '%' && TryHex(text.Slice(i + 1, 2), out var value); i += 3)
        {
            bytes[count++] = (byte)value;
        }

        return count > 0 && Rune.DecodeFromUtf8(bytes[..count], out var rune, out var used) == OperationStatus.Done
            ? (3 * used, rune.EncodeToUtf16(undone))
            : (0, 0);
    }

    private static (int Consumed, int Written) Entity(ReadOnlySpan<char> text, Span<char> undone)
    {
        if (text is [_, '#', ..])
        {
            return Number(text[..Math.Min(text.Length, 2 * LongestEntity)], undone);
        }

        var end = text[..Math.Min(text.Length, LongestEntity)].IndexOf(';');
        if (end < 2)
        {
            return (0, 0);
        }

        var decoded = WebUtility.HtmlDecode(text[..(end + 1)].ToString());
        if (decoded.Length is 0 or > 2 || decoded.Length > end)
        {
            return (0, 0);
        }

        decoded.CopyTo(undone);
        return (end + 1, decoded.Length);
    }

    /// <summary><c>&amp;#103;</c> and <c>&amp;#x67;</c>; a browser shows them without their end, too.</summary>
    private static (int Consumed, int Written) Number(ReadOnlySpan<char> text, Span<char> undone)
    {
        var isHex = text is [_, _, 'x' or 'X', ..];
        var start = isHex ? 3 : 2;
        var end = start;
        while (end < text.Length && (isHex ? char.IsAsciiHexDigit(text[end]) : char.IsAsciiDigit(text[end])))
        {
            end++;
        }

        var style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        return uint.TryParse(text[start..end], style, CultureInfo.InvariantCulture, out var value) && TryWrite(value, undone, out var written)
            ? (end + End(text[end..]), written)
            : (0, 0);
    }

    /// <summary>How long the end of a reference is, which may be escaped or stand behind characters that nobody sees.</summary>
    private static int End(ReadOnlySpan<char> text)
    {
        Span<char> undone = stackalloc char[2];
        var at = 0;
        while (at < text.Length && Undone.Contains(text[at]) && text[at] is not ('\\' or '%' or '&'))
        {
            at++;
        }

        if (at == text.Length)
        {
            return 0;
        }

        var (consumed, written) = text[at] switch
        {
            '\\' => Escape(text[at..], undone),
            '%' => Percent(text[at..], undone),
            ';' => (1, -1),
            _ => (0, 0),
        };
        return written == -1 || (written == 1 && undone[0] == ';') ? at + consumed : 0;
    }

    private static bool TryHex(ReadOnlySpan<char> digits, out uint value) =>
        uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    private static bool TryWrite(uint value, Span<char> undone, out int written)
    {
        written = 0;
        if (value <= char.MaxValue)
        {
            // Half of a character too: the other half is escaped next.
            undone[0] = (char)value;
            written = 1;
            return true;
        }

        return Rune.TryCreate(value, out var rune) && rune.TryEncodeToUtf16(undone, out written);
    }
}
