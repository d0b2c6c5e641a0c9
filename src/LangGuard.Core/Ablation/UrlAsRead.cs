using LangGuard.Http;

namespace LangGuard.Ablation;

/// <summary>A URL as the platform reads it, for tests that measure what holds without its canonical form.</summary>
internal static class UrlAsRead
{
    internal static CanonicalUrl? Create(Uri? uri)
    {
        if (uri is not { IsAbsoluteUri: true, Port: > 0 } || uri.PathAndQuery.Length >= ushort.MaxValue)
        {
            return null;
        }

        try
        {
            var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
            var isHttps = string.Equals(uri.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal);
            return new CanonicalUrl(uri, new HttpOrigin(isHttps, host, uri.Port), TargetText.Of(uri, -1), layers: null);
        }
        catch (UriFormatException)
        {
            return null;
        }
    }
}
