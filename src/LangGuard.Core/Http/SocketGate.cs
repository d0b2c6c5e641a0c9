using System.Net;
using System.Net.Sockets;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>A second opinion on an address, asked just before a socket connects to it. It shares no code and no table with
/// <see cref="AddressClassifier"/>, so that a mistake in one of them opens nothing.</summary>
/// <remarks>The IANA special-purpose registries of IPv4 and IPv6, and the addresses of metadata services.</remarks>
internal static class SocketGate
{
    private static readonly IPNetwork[] Never =
    [
        .. new[]
        {
            "0.0.0.0/8", "100.64.0.0/10", "168.63.129.16/32", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
            "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "224.0.0.0/3", "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "fd00:ec2::/32",
            "fd20:ce::254/128", "fd00:42::42/128",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork[] Named =
    [
        .. new[] { "10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7" }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Whether a socket may connect there.</summary>
    /// <param name="address">The address that the socket gets.</param>
    /// <param name="privateNetworks">The private networks that the rule opens.</param>
    public static bool IsOpen(IPAddress address, IReadOnlyList<IPNetwork> privateNetworks)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6 && Nat64.Contains(address))
        {
            return IsPublic4(Tail(address));
        }

        if (Holds(Never, address) || (address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0))
        {
            return false;
        }

        // An ISATAP interface identifier carries an IPv4 address in its tail.
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && IsIsatap(address) && !IsPublic4(Tail(address)))
        {
            return false;
        }

        return Holds(Named, address)
            ? Holds(privateNetworks, address)
            : address.AddressFamily == AddressFamily.InterNetwork || Global.Contains(address);
    }

    /// <summary>Whether an egress proxy can be there: beside the public ones also in a private network.</summary>
    public static bool IsOpenToProxy(IPAddress address) => IsOpen(address, Named);

    /// <summary>The networks that no rule opens, for the access list of a proxy.</summary>
    internal static IReadOnlyList<IPNetwork> NeverOpen => Never;

    /// <summary>The networks that a rule opens by naming them.</summary>
    internal static IReadOnlyList<IPNetwork> OpenByName => Named;

    private static bool Holds(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPublic4(IPAddress address) => !Holds(Never, address) && !Holds(Named, address);

    private static IPAddress Tail(IPAddress address) => new(address.GetAddressBytes().AsSpan(12));

    private static bool IsIsatap(IPAddress address) => address.GetAddressBytes().AsSpan(8, 4) is [0 or 2, 0, 0x5e, 0xfe];
}
