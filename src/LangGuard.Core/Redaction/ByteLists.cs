using System.Buffers;

namespace LangGuard.Redaction;

/// <summary>Reads bytes that are written one by one: <c>67:68:70</c>, <c>67 68 70</c>, <c>0x67, 0x68</c> and <c>[103,104,112]</c>.</summary>
internal static class ByteLists
{
    /// <summary>As many bytes as the shortest token has letters, two digits each and something between.</summary>
    private const int Shortest = 44;

    private static readonly SearchValues<char> Listed = SearchValues.Create("0123456789abcdefABCDEFxX ,:;-\t\r\n");
    private static readonly SearchValues<char> Between = SearchValues.Create(" ,:;-\t\r\n");

    /// <summary>The stretches of a text that may be lists.</summary>
    internal static LongRuns Runs(ReadOnlySpan<char> text) => new(text, Listed, Shortest);

    /// <summary>The part of a stretch that is whole numbers: a word that stands beside it may end with such letters.</summary>
    internal static (int Start, int End) WithoutWords(ReadOnlySpan<char> text, int start, int end)
    {
        if (start > 0 && char.IsLetterOrDigit(text[start - 1]))
        {
            start += Math.Max(0, text[start..end].IndexOfAny(Between));
        }

        if (end < text.Length && char.IsLetterOrDigit(text[end]))
        {
            end = start + 1 + text[start..end].LastIndexOfAny(Between);
        }

        start += Math.Max(0, text[start..end].IndexOfAnyExcept(Between));
        return (start, start + 1 + text[start..end].LastIndexOfAnyExcept(Between));
    }

    /// <summary>Whether a stretch is neither white space and rules of dashes nor one long number.</summary>
    internal static bool IsWorthIt(ReadOnlySpan<char> run)
    {
        var digits = 0;
        foreach (var c in run)
        {
            digits += Between.Contains(c) ? 0 : 1;
        }

        return digits >= run.Length / 5 && digits <= run.Length * 4 / 5;
    }

    /// <summary>The bytes of a list, a zero for what is none; returns how many.</summary>
    internal static int Read(ReadOnlySpan<char> run, bool isHex, Span<byte> bytes)
    {
        var length = 0;
        for (var at = 0; at < run.Length; at++)
        {
            if (Between.Contains(run[at]))
            {
                continue;
            }

            var (value, digits) = (0, 0);
            for (; at < run.Length && !Between.Contains(run[at]); at++)
            {
                var c = run[at];
                var digit = char.IsAsciiDigit(c) || (isHex && char.IsAsciiHexDigit(c)) ? HexValue(c) : -1;
                var isMark = isHex && c is 'x' or 'X' && value == 0 && digits == 1;
                value = isMark ? 0
                    : digit < 0 || value > byte.MaxValue ? int.MaxValue
                    : (value * (isHex ? 16 : 10)) + digit;
                digits = isMark ? 0 : digits + 1;
            }

            bytes[length++] = value <= byte.MaxValue && digits is > 0 and <= 3 ? (byte)value : (byte)0;
        }

        return length;
    }

    private static int HexValue(char c) => char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
}
