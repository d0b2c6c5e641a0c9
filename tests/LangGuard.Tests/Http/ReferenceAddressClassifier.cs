using System.Net;
using System.Net.Sockets;
using LangGuard.Http;

namespace LangGuard.Tests.Http;

/// <summary>The same judgement as the product's, from the text of the registries: slow and obvious.</summary>
internal static class ReferenceAddressClassifier
{
    private static readonly (string Network, AddressKind Kind)[] Blocks =
    [
        ("100.100.100.200/32", AddressKind.Metadata), ("168.63.129.16/32", AddressKind.Metadata),
        ("192.0.0.192/32", AddressKind.Metadata), ("169.254.0.0/16", AddressKind.Metadata),
        ("fd00:ec2::/32", AddressKind.Metadata), ("fd20:ce::254/128", AddressKind.Metadata),
        ("fd00:42::42/128", AddressKind.Metadata),
        ("0.0.0.0/32", AddressKind.Unspecified), ("::/128", AddressKind.Unspecified),
        ("127.0.0.0/8", AddressKind.Loopback), ("::1/128", AddressKind.Loopback),
        ("10.0.0.0/8", AddressKind.Private), ("172.16.0.0/12", AddressKind.Private), ("192.168.0.0/16", AddressKind.Private),
        ("224.0.0.0/4", AddressKind.Multicast), ("ff00::/8", AddressKind.Multicast),
        ("fe80::/10", AddressKind.LinkLocal), ("fc00::/7", AddressKind.UniqueLocal),
        ("0.0.0.0/8", AddressKind.Reserved), ("100.64.0.0/10", AddressKind.Reserved), ("192.0.0.0/24", AddressKind.Reserved),
        ("192.0.2.0/24", AddressKind.Reserved), ("192.31.196.0/24", AddressKind.Reserved),
        ("192.52.193.0/24", AddressKind.Reserved), ("192.88.99.0/24", AddressKind.Reserved),
        ("192.175.48.0/24", AddressKind.Reserved), ("198.18.0.0/15", AddressKind.Reserved),
        ("198.51.100.0/24", AddressKind.Reserved), ("203.0.113.0/24", AddressKind.Reserved), ("240.0.0.0/4", AddressKind.Reserved),
        ("2001::/23", AddressKind.Reserved), ("2001:db8::/32", AddressKind.Reserved), ("2002::/16", AddressKind.Reserved),
        ("2620:4f:8000::/48", AddressKind.Reserved), ("3fff::/20", AddressKind.Reserved),
        ("2000::/3", AddressKind.Public), ("0.0.0.0/0", AddressKind.Public), ("::/0", AddressKind.Reserved),
    ];

    private static readonly (IPNetwork Network, AddressKind Kind)[] Parsed =
        [.. Blocks.Select(block => (IPNetwork.Parse(block.Network), block.Kind))];

    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    public static AddressKind Classify(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0)
        {
            return AddressKind.Reserved;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return Classify(address.MapToIPv4());
        }

        var bytes = address.GetAddressBytes();
        if (Translated.Contains(address))
        {
            return Classify(new IPAddress(bytes[12..])) == AddressKind.Public ? AddressKind.Public : AddressKind.Reserved;
        }

        var kind = Parsed.First(block => block.Network.Contains(address)).Kind;
        var isTunnel = bytes.Length == 16 && bytes[8] is 0 or 2 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
        return isTunnel && kind is AddressKind.Public or AddressKind.UniqueLocal
            && Classify(new IPAddress(bytes[12..])) != AddressKind.Public
            ? AddressKind.Reserved
            : kind;
    }
}
