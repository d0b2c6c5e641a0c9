using System.Globalization;

namespace LangGuard.Http;

/// <summary>Gives a URI its one canonical form, or says why it has none.</summary>
internal static class UrlCanonicalizer
{
    public const int MaxLength = 8192;

    /// <summary>Checks the URI as the platform parsed it and as it was written; both must mean the same.</summary>
    /// <returns>Null when there is no canonical form; then <paramref name="problem"/> says why.</returns>
    /// <param name="uri">The URI.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <param name="recent">An origin that this one may be again.</param>
    public static CanonicalUrl? Create(Uri? uri, out UrlProblem problem, HttpOrigin? recent = null)
    {
        // A derived Uri could be anything that a later version lets it override.
        if (uri is null || !uri.IsAbsoluteUri || uri.GetType() != typeof(Uri))
        {
            problem = UrlProblem.NotAbsolute;
            return null;
        }

        var isHttps = string.Equals(uri.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal);
        if (!isHttps && !string.Equals(uri.Scheme, Uri.UriSchemeHttp, StringComparison.Ordinal))
        {
            problem = UrlProblem.Scheme;
            return null;
        }

        problem = CheckWritten(uri.OriginalString, isHttps, out var hostText, out var pathStart);
        if (problem != UrlProblem.None)
        {
            return null;
        }

        problem = TryHost(uri, hostText, out var host, out var sameOnWire);
        if (problem != UrlProblem.None)
        {
            return null;
        }

        var port = uri.Port;
        if (port is < 1 or > 65535)
        {
            problem = UrlProblem.Port;
            return null;
        }

        var target = TargetText.Of(uri, pathStart);
        problem = CheckTarget(target, out var layers);
        if (problem != UrlProblem.None)
        {
            return null;
        }

        var origin = recent is not null && recent.Is(isHttps, host, port) ? recent : new HttpOrigin(isHttps, host, port);
        if (sameOnWire)
        {
            return new CanonicalUrl(uri, origin, target, layers);
        }

        var sent = new Uri(string.Create(
            CultureInfo.InvariantCulture, $"{(isHttps ? "https" : "http")}://{host}:{port}{target.Span}"));
        if (!target.Span.SequenceEqual(sent.PathAndQuery))
        {
            problem = UrlProblem.NotCanonical;
            return null;
        }

        return new CanonicalUrl(sent, origin, target, layers);
    }

    /// <summary>
    /// Reads the text that the URI was made from. Parsers disagree on exactly these spellings, so none of them is accepted,
    /// even where the platform's own reading would be harmless.
    /// </summary>
    private static UrlProblem CheckWritten(string written, bool isHttps, out ReadOnlySpan<char> host, out int pathStart)
    {
        host = default;
        pathStart = -1;
        var text = written.AsSpan();
        if (text.Length > MaxLength)
        {
            return UrlProblem.TooLong;
        }

        if (text.ContainsAnyInRange('\0', '\u001f') || text.ContainsAnyInRange('\u007f', '\u009f'))
        {
            return UrlProblem.Control;
        }

        text = text.TrimStart(' ');
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
        pathStart = slash < 0 ? -1 : written.Length - text.Length + slash;
        var authority = (slash < 0 ? hierarchy : hierarchy[..slash]).TrimEnd(' ');
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
                return uri.DnsSafeHost.Contains('%', StringComparison.Ordinal) ? UrlProblem.HostName : UrlProblem.None;

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
    private static UrlProblem CheckTarget(in TargetText target, out string[]? layers)
    {
        layers = null;
        var text = target.Span;
        if (text.Length > MaxLength)
        {
            return UrlProblem.TooLong;
        }

        if (text.ContainsAnyExceptInRange('!', '~') || text.Contains('#'))
        {
            return UrlProblem.Control;
        }

        if (text.IsEmpty || text[0] != '/')
        {
            return UrlProblem.NotCanonical;
        }

        return PercentEncoding.IsWellFormed(text)
            ? PathLayers.TryCreate(text[..target.PathLength], out layers)
            : UrlProblem.Escape;
    }
}
