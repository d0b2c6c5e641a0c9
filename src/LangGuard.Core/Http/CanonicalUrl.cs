using System.Globalization;

namespace LangGuard.Http;

/// <summary>The one form of a URL: what rules are matched against is, byte for byte, what goes on the wire.</summary>
internal sealed class CanonicalUrl
{
    private readonly string _text;
    private readonly int _start;
    private readonly int _pathLength;
    private readonly int _targetLength;

    /// <param name="uri">The URI to send.</param>
    /// <param name="isHttps">The scheme.</param>
    /// <param name="host">The canonical host.</param>
    /// <param name="target">Where path and query are.</param>
    /// <param name="layers">Further readings of the path.</param>
    internal CanonicalUrl(Uri uri, bool isHttps, string host, in TargetText target, string[]? layers)
    {
        Uri = uri;
        IsHttps = isHttps;
        Host = host;
        Port = uri.Port;
        Layers = layers;
        _text = target.Text;
        _start = target.Start;
        _targetLength = target.Length;
        _pathLength = target.PathLength;
    }

    /// <summary>The URI to send: same host, port and target as the other members.</summary>
    public Uri Uri { get; }

    public bool IsHttps { get; }

    /// <summary>Lower-case ASCII name without a trailing dot, or an address literal (IPv6 in brackets).</summary>
    public string Host { get; }

    public int Port { get; }

    /// <summary>
    /// Every further reading that a server may have of the path: decoded once, twice, ... , with encoded slashes as data and
    /// as separators. Null when the path has one reading only.
    /// </summary>
    public string[]? Layers { get; }

    /// <summary>Path and query as sent.</summary>
    public ReadOnlySpan<char> Target => _text.AsSpan(_start, _targetLength);

    public ReadOnlySpan<char> Path => _text.AsSpan(_start, _pathLength);

    /// <summary>The query without the question mark, as sent.</summary>
    public ReadOnlySpan<char> Query => _pathLength + 1 < _targetLength ? Target[(_pathLength + 1)..] : default;

    public string Scheme => IsHttps ? "https" : "http";

    /// <summary>Host, and port unless it is the scheme's.</summary>
    public string Authority => Port == (IsHttps ? 443 : 80)
        ? Host
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    public bool SameOrigin(CanonicalUrl other) =>
        IsHttps == other.IsHttps && Port == other.Port && string.Equals(Host, other.Host, StringComparison.Ordinal);

    public override string ToString() => $"{Scheme}://{Authority}{Target}";
}
