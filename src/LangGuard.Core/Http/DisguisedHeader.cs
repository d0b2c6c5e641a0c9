namespace LangGuard.Http;

/// <summary>
/// Tells by its words a header that makes some server take a request for another one, or for one of another sender. Every
/// proxy and framework has a name of its own for it; they are put together from the same few words.
/// </summary>
internal static class DisguisedHeader
{
    private static readonly string[] Parts = ["method", "verb", "url", "uri", "path", "host", "scheme"];

    private static readonly string[] Places = ["url", "uri", "path"];

    private static readonly string[] Rewriters = ["original", "rewrite", "request", "http", "proxy", "forward"];

    private static readonly string[] Addresses = ["ip", "ipv6", "addr", "address"];

    private static readonly string[] Senders =
    [
        "client", "real", "true", "remote", "source", "src", "origin", "original", "originating", "connecting", "connection", "peer",
        "caller", "socket", "user", "proxyuser",
    ];

    public static bool Is(ReadOnlySpan<char> name)
    {
        ReadOnlySpan<char> last = default;
        ReadOnlySpan<char> above = default;
        ReadOnlySpan<char> top = default;
        var overrides = false;
        var replaces = false;
        for (var rest = name; !rest.IsEmpty;)
        {
            var cut = rest.IndexOfAny('-', '_');
            var word = cut < 0 ? rest : rest[..cut];
            rest = cut < 0 ? default : rest[(cut + 1)..];
            if (word.IsEmpty)
            {
                continue;
            }

            if (Is(word, "forwarded") || IsOneWord(word))
            {
                return true;
            }

            overrides |= Is(word, "override") || Is(word, "tunnel") || Is(word, "tunneled");
            replaces |= IsOf(word, Parts);
            top = above;
            above = last;
            last = word;
        }

        return (overrides && replaces)
            || (Is(last, "host") && !above.IsEmpty)
            || (IsOf(last, Places) && IsOf(above, Rewriters))
            || (IsOf(last, Addresses) && (IsOf(above, Senders) || (Is(above, "ip") && IsOf(top, Senders))))
            || (Is(last, "name") && Is(above, "script")) || (Is(last, "info") && Is(above, "path"))
            || (Is(above, "metadata") && Is(last, "token"));
    }

    /// <summary>The same, written together.</summary>
    private static bool IsOneWord(ReadOnlySpan<char> word) =>
        word.Length >= 8
        && (word.Contains("methodoverride", StringComparison.OrdinalIgnoreCase)
            || word.Contains("overridemethod", StringComparison.OrdinalIgnoreCase)
            || word.Contains("forwardedfor", StringComparison.OrdinalIgnoreCase)
            || word.EndsWith("clientip", StringComparison.OrdinalIgnoreCase));

    private static bool Is(ReadOnlySpan<char> word, string wanted) => word.Equals(wanted, StringComparison.OrdinalIgnoreCase);

    private static bool IsOf(ReadOnlySpan<char> word, string[] wanted)
    {
        foreach (var one in wanted)
        {
            if (Is(word, one))
            {
                return true;
            }
        }

        return false;
    }
}
