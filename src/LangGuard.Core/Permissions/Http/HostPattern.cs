using LangGuard.Http;

namespace LangGuard.Permissions;

/// <summary>The host of a rule: one name or address, every name below a suffix, or every public host.</summary>
internal sealed class HostPattern
{
    private HostPattern(string? exact, string? suffix)
    {
        Exact = exact;
        Suffix = suffix;
    }

    public static HostPattern Any { get; } = new(null, null);

    /// <summary>The canonical name or literal, or null.</summary>
    public string? Exact { get; }

    /// <summary>The canonical suffix without the leading <c>*.</c>, or null. Matches one or more labels, never the apex.</summary>
    public string? Suffix { get; }

    public bool IsAny => Exact is null && Suffix is null;

    /// <summary>Larger is more specific.</summary>
    public int Specificity => Exact is not null ? int.MaxValue : Suffix?.Length ?? 0;

    /// <summary>Reads a pattern; <paramref name="expected"/> says what is wrong with one that has no meaning.</summary>
    /// <param name="text">The host of a rule.</param>
    /// <param name="isDeny">A deny rule may name any suffix: it only narrows.</param>
    /// <param name="expected">What should have been there.</param>
    public static HostPattern? Parse(string text, bool isDeny, out string expected)
    {
        expected = "a host name, '*.suffix', an address or '*'";
        if (text == "*")
        {
            return Any;
        }

        var isSuffix = text.StartsWith("*.", StringComparison.Ordinal);
        var name = isSuffix ? text[2..] : text;
        if (name.Contains('*'))
        {
            expected = "'*' only as a whole host or as the first label, as in '*.example.com'";
            return null;
        }

        if (Canonicalize(name) is not { } canonical)
        {
            return null;
        }

        if (!isSuffix)
        {
            return new HostPattern(canonical, null);
        }

        if (canonical[0] == '[' || char.IsAsciiDigit(canonical[^1]))
        {
            expected = "a name after '*.', not an address";
            return null;
        }

        if (!isDeny && PublicSuffixes.WhyTooBroad(canonical) is { } why)
        {
            expected = $"a suffix that one owner controls; {why}. Name the hosts instead";
            return null;
        }

        return new HostPattern(null, canonical);
    }

    /// <summary>Whether a canonical host is one that the pattern names.</summary>
    public bool Covers(ReadOnlySpan<char> host) =>
        Exact is not null ? host.SequenceEqual(Exact)
        : Suffix is null || (host.Length > Suffix.Length && host[0] != '[' && host[^(Suffix.Length + 1)] == '.' && host.EndsWith(Suffix));

    /// <summary>The same canonical form that request URLs get, or null.</summary>
    private static string? Canonicalize(string name) =>
        Uri.TryCreate($"https://{name}/", UriKind.Absolute, out var uri)
        && uri.PathAndQuery == "/"
        && UrlCanonicalizer.Create(uri, out _) is { } url
        && url.Port == 443
            ? url.Host
            : null;
}
