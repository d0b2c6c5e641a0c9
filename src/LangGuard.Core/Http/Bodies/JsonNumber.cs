using System.Globalization;

namespace LangGuard.Http;

/// <summary>
/// A JSON number, compared digit by digit: a double would round 100.00000000000000001 to the 100 that a limit allows, and the
/// server might not.
/// </summary>
internal readonly ref struct JsonNumber
{
    public const int MaxLength = 128;

    private readonly ReadOnlySpan<byte> _text;
    private readonly bool _isNegative;
    private readonly int _magnitude;

    private JsonNumber(ReadOnlySpan<byte> text, bool isNegative, int magnitude)
    {
        _text = text;
        _isNegative = isNegative;
        _magnitude = magnitude;
    }

    /// <summary>Whether the value is zero.</summary>
    private bool IsZero => _text.IsEmpty;

    /// <summary>Takes a number that the JSON reader has accepted. False when it is too long or not a finite double.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out JsonNumber number)
    {
        number = default;
        if (text.IsEmpty || text.Length > MaxLength)
        {
            return false;
        }

        var isNegative = text[0] == '-';
        var digits = isNegative ? text[1..] : text;
        var mark = digits.IndexOfAny((byte)'e', (byte)'E');
        var exponent = 0;
        if (mark >= 0)
        {
            if (!int.TryParse(digits[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
                || exponent is > 10_000 or < -10_000)
            {
                return false;
            }

            digits = digits[..mark];
        }

        // The magnitude is the decimal exponent of the first significant digit.
        var point = digits.IndexOf((byte)'.');
        var first = digits.IndexOfAnyExcept((byte)'0', (byte)'.');
        if (first < 0)
        {
            number = new JsonNumber(default, isNegative, 0);
            return true;
        }

        var whole = point < 0 ? digits.Length : point;
        var magnitude = (first < whole ? whole - first - 1 : whole - first) + exponent;
        number = new JsonNumber(digits[first..].TrimEnd("0."u8), isNegative, magnitude);

        // What a double turns into infinity or zero is another number for most servers.
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value) && value != 0;
    }

    /// <summary>Digits alone, without a sign of zero, a fraction or an exponent: what every reader takes for an integer.</summary>
    public static bool IsInteger(ReadOnlySpan<byte> text)
    {
        var digits = text.StartsWith((byte)'-') ? text[1..] : text;
        return !digits.IsEmpty && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') && !text.SequenceEqual("-0"u8);
    }

    public int CompareTo(in JsonNumber other)
    {
        if (IsZero || other.IsZero)
        {
            return IsZero && other.IsZero ? 0 : IsZero ? (other._isNegative ? 1 : -1) : _isNegative ? -1 : 1;
        }

        if (_isNegative != other._isNegative)
        {
            return _isNegative ? -1 : 1;
        }

        var order = _magnitude != other._magnitude ? _magnitude.CompareTo(other._magnitude) : CompareDigits(_text, other._text);
        return _isNegative ? -order : order;
    }

    private static int CompareDigits(ReadOnlySpan<byte> mine, ReadOnlySpan<byte> theirs)
    {
        int i = 0, j = 0;
        while (true)
        {
            if (i < mine.Length && mine[i] == '.')
            {
                i++;
            }

            if (j < theirs.Length && theirs[j] == '.')
            {
                j++;
            }

            if (i >= mine.Length && j >= theirs.Length)
            {
                return 0;
            }

            var a = i < mine.Length ? mine[i++] : (byte)'0';
            var b = j < theirs.Length ? theirs[j++] : (byte)'0';
            if (a != b)
            {
                return a.CompareTo(b);
            }
        }
    }
}
