using System.Buffers;
using System.Globalization;

namespace LangGuard.Misuse;

/// <summary>The ways in which people write one amount, in the form of <see cref="PhraseText"/>.</summary>
internal static class AmountText
{
    private const int MaxDigits = 40;

    private const NumberStyles Accepted =
        NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands | NumberStyles.AllowExponent;

    // With two hyphens it is a date.
    private static readonly SearchValues<char> InNumbers = SearchValues.Create("0123456789.,' _eE+-");

    // A currency and a space before or behind it.
    private const int MostAround = 4;

    /// <summary>The number in a text that is nothing but an amount, its currency left out; null for any other text.</summary>
    internal static string? In(string? text)
    {
        var number = text.AsSpan().Trim();
        while (!number.IsEmpty && !char.IsAsciiDigit(number[0]) && number[0] is not ('.' or '-' or '+'))
        {
            number = number[1..];
        }

        while (!number.IsEmpty && !char.IsAsciiDigit(number[^1]))
        {
            number = number[..^1];
        }

        return text is null || number.IsEmpty || text.Length - number.Length > MostAround
            || number.ContainsAnyExcept(InNumbers) || number.Count('-') > 1
            ? null
            : number.ToString();
    }

    /// <summary>Calls <paramref name="isKnown"/> with each spelling until one is known. False for what is no plain number.</summary>
    internal static bool AnySpelling(ReadOnlySpan<char> number, Func<string, bool> isKnown)
    {
        if (number.Length > MaxDigits
            || !decimal.TryParse(number, Accepted, CultureInfo.InvariantCulture, out var amount))
        {
            return false;
        }

        var plain = amount.ToString("0.############################", CultureInfo.InvariantCulture);
        var dot = plain.IndexOf('.', StringComparison.Ordinal);
        var whole = dot < 0 ? plain : plain[..dot];
        var fraction = dot < 0 ? string.Empty : plain[(dot + 1)..];
        var grouped = decimal.Truncate(amount).ToString("#,##0", CultureInfo.InvariantCulture).Replace(',', ' ');
        foreach (var digits in whole == grouped ? [whole] : new[] { whole, grouped })
        {
            if ((fraction.Length == 0 ? isKnown($" {digits} ") : isKnown($" {digits} {fraction} "))
                || (fraction.Length < 2 && isKnown($" {digits} {fraction.PadRight(2, '0')} ")))
            {
                return true;
            }
        }

        return false;
    }
}
