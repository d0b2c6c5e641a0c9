using System.Globalization;

namespace LangGuard.Http;

/// <summary>Gives a URI its one canonical form, or says why it has none.</summary>
internal static class UrlCanonicalizer
{
    public const int MaxLength = 8192;

    /// <summary>Checks the URI as the platform parsed it and as it was written; both must mean the same.</summary>
    public static UrlProblem TryCreate(Uri? uri, out CanonicalUrl url)
    {
        url = default;
        // A derived Uri could be anything that a later version lets it override.
        if (uri is null || !uri.IsAbsoluteUri || uri.GetType() != typeof(Uri))
        {
            return UrlProblem.NotAbsolute;
        }

        var isHttps = string.Equals(uri.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal);
        if (!isHttps && !string.Equals(uri.Scheme, Uri.UriSchemeHttp, StringComparison.Ordinal))
        {
            return UrlProblem.Scheme;
        }

        var problem = CheckWritten(uri.OriginalString, isHttps, out var hostText);
        if (problem != UrlProblem.None)
        {
            return problem;
        }

        problem = TryHost(uri, hostText, out var host, out var sameOnWire);
        if (problem != UrlProblem.None)
        {
            return problem;
        }

        var port = uri.Port;
        if (port is < 1 or > 65535)
        {
            return UrlProblem.Port;
        }

        var target = uri.PathAndQuery;
        problem = CheckTarget(target, out var pathLength, out var layers);
        if (problem != UrlProblem.None)
        {
            return problem;
        }

        var sent = sameOnWire ? uri : Rewrite(isHttps, host, port, target);
        url = new CanonicalUrl(sent, isHttps, host, port, target, pathLength, layers);
        return string.Equals(sent.PathAndQuery, target, StringComparison.Ordinal)
            ? UrlProblem.None
            : UrlProblem.NotCanonical;
    }

    private static Uri Rewrite(bool isHttps, string host, int port, string target) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{(isHttps ? "https" : "http")}://{host}:{port}{target}"));

    /// <summary>
    /// Reads the text that the URI was made from. Parsers disagree on exactly these spellings, so none of them is accepted,
    /// even where the platform's own reading would be harmless.
    /// </summary>
    private static UrlProblem CheckWritten(string written, bool isHttps, out ReadOnlySpan<char> host)
    {
        host = default;
        var text = written.AsSpan();
        if (text.Length > MaxLength)
        {
            return UrlProblem.TooLong;
        }

        if (text.ContainsAnyInRange('\0', '\u001f') || text.ContainsAnyInRange('\u007f', '\u009f'))
        {
            return UrlProblem.Control;
        }

        text = text.Trim(' ');
        var scheme = isHttps ? "https://" : "http://";
        if (!text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            return UrlProblem.Authority;
        }

        text = text[scheme.Length..];
        var data = text.IndexOfAny('?', '#');
        var hierarchy = data < 0 ? text : text[..data];
        if (hierarchy.Contains('\\'))
        {
            return UrlProblem.Backslash;
        }

        var slash = hierarchy.IndexOf('/');
        var authority = slash < 0 ? hierarchy : hierarchy[..slash];
        if (authority.Contains('@'))
        {
            return UrlProblem.UserInfo;
        }

        if (authority.IsEmpty || authority.ContainsAny('%', ' '))
        {
            return UrlProblem.Authority;
        }

        return SplitPort(authority, out host);
    }

    private static UrlProblem SplitPort(ReadOnlySpan<char> authority, out ReadOnlySpan<char> host)
    {
        var end = authority.IndexOf(':');
        if (authority[0] == '[')
        {
            end = authority.IndexOf(']') + 1;
            if (end == 0)
            {
                host = default;
                return UrlProblem.Authority;
            }
        }

        host = end < 0 ? authority : authority[..end];
        var port = end < 0 ? default : authority[end..];
        return port.IsEmpty || (port[0] == ':' && !port[1..].ContainsAnyExceptInRange('0', '9'))
            ? UrlProblem.None
            : UrlProblem.Authority;
    }

    private static UrlProblem TryHost(Uri uri, ReadOnlySpan<char> written, out string host, out bool sameOnWire)
    {
        sameOnWire = true;
        switch (uri.HostNameType)
        {
            case UriHostNameType.IPv4:
                host = uri.Host;
                // Octal, hexadecimal, short and whole-number forms: refuse what does not read as the address that it is.
                return written.SequenceEqual(host) ? UrlProblem.None : UrlProblem.NumericHost;

            case UriHostNameType.IPv6:
                host = uri.Host;
                return uri.DnsSafeHost.Contains('%') ? UrlProblem.HostName : UrlProblem.None;

            case UriHostNameType.Dns:
                string name;
                try
                {
                    // This is the name that is dialled; it is computed late and can refuse what Uri accepted.
                    name = uri.IdnHost;
                }
                catch (UriFormatException)
                {
                    host = string.Empty;
                    return UrlProblem.HostName;
                }

                var problem = HostName.TryCanonicalize(name, out host);
                sameOnWire = ReferenceEquals(name, host);
                return problem;

            default:
                host = string.Empty;
                return UrlProblem.HostName;
        }
    }

    /// <summary>
    /// Checks the bytes that will be sent. A Uri made with DangerousDisablePathAndQueryCanonicalization can hold line breaks
    /// and dot segments here, and nothing else tells that it does.
    /// </summary>
    private static UrlProblem CheckTarget(string target, out int pathLength, out string[]? layers)
    {
        layers = null;
        pathLength = target.Length;
        if (target.Length > MaxLength)
        {
            return UrlProblem.TooLong;
        }

        if (target.AsSpan().ContainsAnyExceptInRange('!', '~') || target.Contains('#'))
        {
            return UrlProblem.Control;
        }

        if (target.Length == 0 || target[0] != '/')
        {
            return UrlProblem.NotCanonical;
        }

        if (!PercentEncoding.IsWellFormed(target))
        {
            return UrlProblem.Escape;
        }

        var question = target.IndexOf('?');
        pathLength = question < 0 ? target.Length : question;
        return PathLayers.TryCreate(target, pathLength, out layers);
    }
}
