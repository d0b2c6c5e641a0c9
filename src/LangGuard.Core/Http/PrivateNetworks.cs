using System.Net;

namespace LangGuard.Http;

/// <summary>The networks that a rule can open by naming them: RFC 1918, loopback and unique local addresses.</summary>
internal static class PrivateNetworks
{
    private static readonly IPNetwork[] Openable =
    [
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("::1/128"),
        IPNetwork.Parse("fc00::/7"),
    ];

    public static bool CanOpen(IPNetwork network)
    {
        foreach (var openable in Openable)
        {
            if (network.BaseAddress.AddressFamily == openable.BaseAddress.AddressFamily
                && network.PrefixLength >= openable.PrefixLength && openable.Contains(network.BaseAddress))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether one of the named networks opens this address. Metadata services and the like stay closed.</summary>
    public static bool Opens(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        if (AddressClassifier.Classify(address) is not (AddressKind.Private or AddressKind.Loopback or AddressKind.UniqueLocal))
        {
            return false;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in networks)
        {
            if (network.Contains(plain))
            {
                return true;
            }
        }

        return false;
    }
}
