using System.Buffers;
using System.Collections.Frozen;

namespace LangGuard.Http;

/// <summary>Request headers that no rule can allow, and the alphabet of names and values.</summary>
internal static class RequestHeaders
{
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // Framing and hop-by-hop headers belong to the guard; the others make a server take the request for another one.
    private static readonly FrozenSet<string> Forbidden = new[]
    {
        "Alt-Used", "Connection", "Expect", "HTTP2-Settings", "Host", "Keep-Alive", "Max-Forwards", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade", "Via",
        "X-HTTP-Method", "X-HTTP-Method-Override", "X-Method-Override", "X-Original-Method", "X-Override-Method",
        "Method-Override", "X-Original-URL", "X-Original-URI", "X-Original-Host", "X-Rewrite-URL", "X-Rewrite-URI",
        "X-Override-URL", "X-Request-URI", "X-Host", "X-HTTP-Host-Override", "X-Host-Override", "X-Backend-Host",
        "Forwarded", "Client-IP", "Cluster-Client-IP", "True-Client-IP", "X-Client-IP", "X-Cluster-Client-IP", "X-Real-IP",
        "X-Remote-IP", "X-Remote-Addr", "X-Originating-IP", "X-ProxyUser-Ip", "X-Custom-IP-Authorization", "CF-Connecting-IP",
        "Fastly-Client-IP", "X-Azure-ClientIP", "X-Azure-SocketIP", "Base-Url", "Destination",
        "Metadata", "Metadata-Flavor", "X-Google-Metadata-Request", "X-Metadata-Token",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] ForbiddenPrefixes =
    [
        ":", "Proxy-", "X-Forwarded", "X-Proxy-", "X-Envoy-", "X-aws-ec2-metadata-", "Sec-WebSocket-",
    ];

    public static bool IsToken(ReadOnlySpan<char> name) => !name.IsEmpty && !name.ContainsAnyExcept(TokenCharacters);

    public static bool IsForbidden(string name)
    {
        if (Forbidden.Contains(name))
        {
            return true;
        }

        foreach (var prefix in ForbiddenPrefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        // Servers that build variables from names read '_' and '-' alike.
        return name.Contains('_', StringComparison.Ordinal) && IsForbidden(name.Replace('_', '-'));
    }

    /// <summary>Visible ASCII, spaces and tabs.</summary>
    public static bool IsValue(ReadOnlySpan<char> value)
    {
        foreach (var c in value)
        {
            if (c is not (>= ' ' and <= '~' or '\t'))
            {
                return false;
            }
        }

        return true;
    }
}
