using System.Buffers;

namespace LangGuard.Http;

/// <summary>The alphabet and shape of host names that are ever resolved.</summary>
internal static class HostName
{
    private const int MaxLength = 253;
    private const int MaxLabel = 63;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>
    /// Checks a name that IDNA has already mapped to ASCII. One trailing dot is dropped. Refuses empty labels, and names
    /// whose last label is a number: resolvers read those as IPv4 addresses in forms that nobody expects.
    /// </summary>
    public static UrlProblem TryCanonicalize(string name, out string canonical)
    {
        canonical = name;
        if (name.AsSpan().ContainsAnyInRange('A', 'Z'))
        {
            canonical = name.ToLowerInvariant();
        }

        if (canonical.EndsWith('.'))
        {
            canonical = canonical[..^1];
        }

        if (canonical.Length is 0 or > MaxLength || canonical.AsSpan().ContainsAnyExcept(Alphabet))
        {
            return UrlProblem.HostName;
        }

        var rest = canonical.AsSpan();
        while (true)
        {
            var dot = rest.IndexOf('.');
            var label = dot < 0 ? rest : rest[..dot];
            if (label.Length is 0 or > MaxLabel)
            {
                return UrlProblem.HostName;
            }

            if (dot < 0)
            {
                return IsNumber(label) ? UrlProblem.NumericHost : UrlProblem.None;
            }

            rest = rest[(dot + 1)..];
        }
    }

    private static bool IsNumber(ReadOnlySpan<char> label) =>
        !label.ContainsAnyExceptInRange('0', '9')
        || (label.StartsWith("0x", StringComparison.Ordinal) && IsHex(label[2..]));

    private static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }
        }

        return true;
    }
}
