using System.Text;

namespace LangGuard.Http;

/// <summary>Reads an urlencoded form strictly, in linear time: what two form parsers could read differently is refused.</summary>
internal static class FormBodyReader
{
    private const int MaxFields = 1000;

    public static Reason? Check(ReadOnlySpan<byte> body, FormFields fields)
    {
        // Anything else is percent-encoded by every encoder; a raw ';' is a separator for some servers.
        foreach (var b in body)
        {
            if (b is <= 0x20 or >= 0x7f or (byte)';' or (byte)'"' or (byte)'<' or (byte)'>' or (byte)'\\')
            {
                return BodyReasons.Form;
            }
        }

        var text = Encoding.ASCII.GetString(body);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var count = 0;
        foreach (var range in text.AsSpan().Split('&'))
        {
            var pair = text.AsSpan(range);
            var equals = pair.IndexOf('=');
            if (equals <= 0 || ++count > MaxFields
                || Decode(pair[..equals]) is not { } name || Decode(pair[(equals + 1)..]) is not { } value)
            {
                return BodyReasons.Form;
            }

            if (fields.Check(name, value, seen) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    /// <summary>Null for a broken escape, invalid UTF-8, or text that ends early for some server.</summary>
    private static string? Decode(ReadOnlySpan<char> text)
    {
        if (!PercentEncoding.IsWellFormed(text)
            || !PercentEncoding.TryDecode(text.ToString().Replace('+', ' '), '/', out var decoded, out _))
        {
            return null;
        }

        foreach (var c in decoded)
        {
            if (char.IsControl(c) && c is not ('\t' or '\r' or '\n'))
            {
                return null;
            }
        }

        return decoded;
    }
}
