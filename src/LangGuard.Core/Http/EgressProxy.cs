using System.Net;

namespace LangGuard.Http;

/// <summary>The one way out: nothing is ever bypassed, whatever the target or the environment.</summary>
internal sealed class EgressProxy : IWebProxy
{
    private readonly Uri _address;

    public EgressProxy(Uri address)
    {
        _address = new UriBuilder(address.Scheme, address.Host, address.Port).Uri;
        if (address.UserInfo.Length > 0)
        {
            var parts = address.UserInfo.Split(':', 2);
            Credentials = new NetworkCredential(
                Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts.Length > 1 ? parts[1] : string.Empty));
        }
    }

    public ICredentials? Credentials { get; set; }

    public Uri GetProxy(Uri destination) => _address;

    public bool IsBypassed(Uri host) => false;

    public bool IsAt(DnsEndPoint endPoint) =>
        endPoint.Port == _address.Port
        && endPoint.Host.AsSpan().Trim("[]").Equals(_address.IdnHost, StringComparison.OrdinalIgnoreCase);
}
