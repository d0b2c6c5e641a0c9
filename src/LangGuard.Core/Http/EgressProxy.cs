using System.Net;
using LangGuard.Permissions;

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

    /// <summary>The proxy that this policy or one that narrows it requires, or null.</summary>
    public static EgressProxy? RequiredBy(Policy policy, EgressOptions own)
    {
        var required = own.Proxy;
        foreach (var dependencies in policy.NarrowedBy)
        {
            if (dependencies.Get<EgressOptions>()?.Proxy is { } other)
            {
                required ??= other;
                if (!string.Equals(required.ToString(), other.ToString(), StringComparison.Ordinal))
                {
                    throw EgressDenial.Of(HttpReasons.ProxyConflict);
                }
            }
        }

        return required;
    }

    /// <inheritdoc />
    public override string ToString() => _address.AbsoluteUri;

    public bool IsAt(DnsEndPoint endPoint) =>
        endPoint.Port == _address.Port
        && endPoint.Host.AsSpan().Trim("[]").Equals(_address.IdnHost, StringComparison.OrdinalIgnoreCase);
}
