namespace LangGuard.Http;

/// <summary>The one form of a URL: what rules are matched against is, byte for byte, what goes on the wire.</summary>
internal sealed class CanonicalUrl
{
    private readonly string _text;

    // No target is longer than the canonicalizer accepts.
    private readonly ushort _start;
    private readonly ushort _pathLength;
    private readonly ushort _targetLength;

    /// <param name="uri">The URI to send.</param>
    /// <param name="origin">Its origin.</param>
    /// <param name="target">Where path and query are.</param>
    /// <param name="layers">Further readings of the path.</param>
    internal CanonicalUrl(Uri uri, HttpOrigin origin, in TargetText target, string[]? layers)
    {
        Uri = uri;
        Origin = origin;
        Layers = layers;
        _text = target.Text;
        _start = checked((ushort)target.Start);
        _targetLength = checked((ushort)target.Length);
        _pathLength = checked((ushort)target.PathLength);
    }

    /// <summary>The URI to send: same host, port and target as the other members.</summary>
    public Uri Uri { get; }

    public HttpOrigin Origin { get; }

    public bool IsHttps => Origin.IsHttps;

    /// <inheritdoc cref="HttpOrigin.Host"/>
    public string Host => Origin.Host;

    public int Port => Origin.Port;

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

    public string Scheme => Origin.Scheme;

    /// <inheritdoc cref="HttpOrigin.Authority"/>
    public string Authority => Origin.Authority;

    public bool SameOrigin(CanonicalUrl other) =>
        ReferenceEquals(Origin, other.Origin) || Origin.Is(other.IsHttps, other.Host, other.Port);

    public override string ToString() => $"{Origin}{Target}";
}
