using System.Buffers;
using System.Collections.Frozen;

namespace LangGuard.Http;

/// <summary>Request headers that no rule can allow, and the alphabet of names and values.</summary>
internal static class RequestHeaders
{
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // Framing and hop-by-hop headers belong to the guard; the others make a server take the request for another one, or for
    // one of another sender.
    private static readonly FrozenSet<string> Forbidden = new[]
    {
        "Alt-Used", "Connection", "Expect", "HTTP2-Settings", "Host", "Keep-Alive", "Max-Forwards", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade", "Via",
        "X-HTTP-Verb", "X-Method-Override", "X-Method", "X-Verb", "Method-Override", "HTTP-Method-Override", "-Method",
        "X-Request-URI", "X-HTTP-DestinationURL", "X-HTTP-Path-Override", "X-Url-Scheme", "X-Scheme", "Front-End-Https",
        "X-Host", "X-HTTP-Host-Override", "X-Host-Override", "X-Backend-Host", "Base-Url", "Destination",
        "Forwarded", "Client-IP", "Cluster-Client-IP", "True-Client-IP", "X-True-IP", "X-Client-IP", "X-Cluster-Client-IP",
        "X-Real-IP", "X-Source-IP", "X-ProxyUser-Ip", "X-Custom-IP-Authorization", "CF-Connecting-IP", "CF-Connecting-IPv6",
        "Fastly-Client-IP", "X-Azure-ClientIP", "X-Azure-SocketIP", "X-Appengine-User-IP", "Remote-Addr", "Remote-User",
        "Metadata", "Metadata-Flavor", "X-Google-Metadata-Request", "X-Identity-Header", "X-Aws-Parameters-Secrets-Token",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] ForbiddenPrefixes =
    [
        ":", "Proxy-", "X-Forward", "X-Proxy-", "X-Envoy-", "X-aws-ec2-metadata-", "X-aliyun-ecs-metadata-", "Metadata-Token-", "Sec-WebSocket-", "X-HTTP-Method", "X-Original-",
        "X-Rewrite-", "X-Override-", "X-Remote-", "X-Originating-", "X-Middleware-", "X-MS-Client-Principal", "X-Goog-Authenticated-User",
        "X-Auth-Request-", "X-WebAuth-", "X-SSL-Client-", "SSL-Client-", "X-Client-Cert", "X-ARR-", "Tailscale-User-", "X-Amzn-Oidc-",
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

        if (DisguisedHeader.Is(name))
        {
            return true;
        }

        // Servers that build variables from names read '_' and '-' alike.
        return name.Contains('_', StringComparison.Ordinal) && name.Replace('_', '-') is var dashed
            && (IsForbidden(dashed) || dashed.StartsWith("Content-", StringComparison.OrdinalIgnoreCase));
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
