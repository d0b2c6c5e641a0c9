using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LangGuard.Http;

/// <summary>The string formats that a JSON schema can demand. Each is a strict subset of its specification.</summary>
internal static class JsonFormats
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly SearchValues<char> TimeCharacters = SearchValues.Create("0123456789-:.+TtZz");
    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("-0123456789" + Letters);
    private static readonly SearchValues<char> MailboxCharacters =
        SearchValues.Create("!#$%&'*+-/=?^_`{|}~.0123456789" + Letters);

    public static bool IsKnown(string format) => format is "date" or "date-time" or "uuid" or "email" or "ipv4" or "ipv6"
        or "hostname" or "byte";

    public static bool Accepts(string format, ReadOnlySpan<char> text) => format switch
    {
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "date-time" => text.Length is >= 20 and <= 40
            && !text.ContainsAnyExcept(TimeCharacters)
            && text[10] is 'T' or 't'
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "email" => IsEmail(text),
        "ipv4" => IPAddress.TryParse(text, out var v4) && v4.AddressFamily == AddressFamily.InterNetwork
            && text.SequenceEqual(v4.ToString()),
        "ipv6" => IPAddress.TryParse(text, out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6
            && !text.ContainsAny("%[]"),
        "hostname" => IsHostName(text),
        "byte" => Base64.IsValid(text),
        _ => false,
    };

    private static bool IsEmail(ReadOnlySpan<char> text)
    {
        var at = text.IndexOf('@');
        return at is > 0 and <= 64
            && text.Length <= 254
            && !text[..at].ContainsAnyExcept(MailboxCharacters)
            && IsHostName(text[(at + 1)..]);
    }

    private static bool IsHostName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > 253)
        {
            return false;
        }

        foreach (var range in text.Split('.'))
        {
            var label = text[range];
            if (label.IsEmpty || label.Length > 63 || label[0] == '-' || label[^1] == '-'
                || label.ContainsAnyExcept(LabelCharacters))
            {
                return false;
            }
        }

        return true;
    }
}
