namespace LangGuard.Http;

/// <summary>The one form of a URL: what rules are matched against is, byte for byte, what goes on the wire.</summary>
internal readonly struct CanonicalUrl
{
    internal CanonicalUrl(Uri uri, bool isHttps, string host, int port, string target, int pathLength, string[]? layers)
    {
        Uri = uri;
        IsHttps = isHttps;
        Host = host;
        Port = port;
        Target = target;
        PathLength = pathLength;
        Layers = layers;
    }

    /// <summary>The URI to send: same host, port and target as the other members.</summary>
    public Uri Uri { get; }

    public bool IsHttps { get; }

    /// <summary>Lower-case ASCII name without a trailing dot, or an address literal (IPv6 in brackets).</summary>
    public string Host { get; }

    public int Port { get; }

    /// <summary>Path and query as sent.</summary>
    public string Target { get; }

    public int PathLength { get; }

    /// <summary>
    /// Every further reading that a server may have of the path: decoded once, twice, ... , with encoded slashes as data and
    /// as separators. Null when the path has one reading only.
    /// </summary>
    public string[]? Layers { get; }

    public ReadOnlySpan<char> Path => Target.AsSpan(0, PathLength);

    /// <summary>The query without the question mark, as sent.</summary>
    public ReadOnlySpan<char> Query =>
        Target is not null && PathLength + 1 < Target.Length ? Target.AsSpan(PathLength + 1) : default;

    public bool HasDefaultPort => Port == (IsHttps ? 443 : 80);

    public bool SameOrigin(in CanonicalUrl other) =>
        IsHttps == other.IsHttps && Port == other.Port && string.Equals(Host, other.Host, StringComparison.Ordinal);

    public override string ToString() =>
        $"{(IsHttps ? "https" : "http")}://{Host}{(HasDefaultPort ? string.Empty : $":{Port}")}{Target}";
}
