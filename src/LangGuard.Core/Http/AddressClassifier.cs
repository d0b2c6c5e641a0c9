using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace LangGuard.Http;

/// <summary>
/// Sorts addresses by the IANA special-purpose registries. IPv6 is an allow-list: global unicast minus its exceptions.
/// Decoding an embedded IPv4 address can only add a denial, except for the mapped and the NAT64 well-known prefix,
/// which are other spellings of an IPv4 address and are judged as that address.
/// </summary>
internal static class AddressClassifier
{
    private const uint LinkLocal4 = 0xA9FE_0000;

    // Network, prefix length, kind. First hit wins, so single addresses stand before their block.
    private static ReadOnlySpan<uint> Blocks4 =>
    [
        0x6464_64C8, 32, (uint)AddressKind.Metadata,     // 100.100.100.200 Alibaba
        0xA83F_8110, 32, (uint)AddressKind.Metadata,     // 168.63.129.16   Azure WireServer
        0xC000_00C0, 32, (uint)AddressKind.Metadata,     // 192.0.0.192     Oracle
        LinkLocal4, 16, (uint)AddressKind.Metadata,      // 169.254.0.0/16  link-local, home of metadata services
        0x0000_0000, 32, (uint)AddressKind.Unspecified,  // 0.0.0.0
        0x0000_0000, 8, (uint)AddressKind.Reserved,      // 0.0.0.0/8       this network
        0x0A00_0000, 8, (uint)AddressKind.Private,       // 10.0.0.0/8
        0x6440_0000, 10, (uint)AddressKind.Reserved,     // 100.64.0.0/10   shared address space
        0x7F00_0000, 8, (uint)AddressKind.Loopback,      // 127.0.0.0/8
        0xAC10_0000, 12, (uint)AddressKind.Private,      // 172.16.0.0/12
        0xC000_0000, 24, (uint)AddressKind.Reserved,     // 192.0.0.0/24    IETF protocol assignments
        0xC000_0200, 24, (uint)AddressKind.Reserved,     // 192.0.2.0/24    documentation
        0xC01F_C400, 24, (uint)AddressKind.Reserved,     // 192.31.196.0/24 AS112
        0xC034_C100, 24, (uint)AddressKind.Reserved,     // 192.52.193.0/24 AMT
        0xC058_6300, 24, (uint)AddressKind.Reserved,     // 192.88.99.0/24  6to4 relay
        0xC0A8_0000, 16, (uint)AddressKind.Private,      // 192.168.0.0/16
        0xC0AF_3000, 24, (uint)AddressKind.Reserved,     // 192.175.48.0/24 AS112
        0xC612_0000, 15, (uint)AddressKind.Reserved,     // 198.18.0.0/15   benchmarking
        0xC633_6400, 24, (uint)AddressKind.Reserved,     // 198.51.100.0/24 documentation
        0xCB00_7100, 24, (uint)AddressKind.Reserved,     // 203.0.113.0/24  documentation
        0xE000_0000, 4, (uint)AddressKind.Multicast,     // 224.0.0.0/4
        0xF000_0000, 4, (uint)AddressKind.Reserved,      // 240.0.0.0/4     future use and broadcast
    ];

    public static AddressKind Classify(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            Span<byte> four = stackalloc byte[4];
            address.TryWriteBytes(four, out _);
            return Classify4(BinaryPrimitives.ReadUInt32BigEndian(four));
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.ScopeId != 0)
        {
            return AddressKind.Reserved;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return Classify6(
            BinaryPrimitives.ReadUInt64BigEndian(bytes),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
    }

    private static AddressKind Classify4(uint address)
    {
        var blocks = Blocks4;
        for (var i = 0; i < blocks.Length; i += 3)
        {
            if ((address ^ blocks[i]) >> (32 - (int)blocks[i + 1]) == 0)
            {
                return (AddressKind)blocks[i + 2];
            }
        }

        return AddressKind.Public;
    }

    private static AddressKind Classify6(ulong high, ulong low)
    {
        if (high == 0 && low >> 32 == 0xFFFF)
        {
            return Classify4((uint)(low & uint.MaxValue));
        }

        if (high == 0x0064_FF9B_0000_0000 && low >> 32 == 0)
        {
            // NAT64 of a public address is public; of anything else it is never openable, not even by a private grant.
            return Classify4((uint)low) == AddressKind.Public ? AddressKind.Public : AddressKind.Reserved;
        }

        if (high >> 61 == 0b001)
        {
            return IsException(high) || IsTunnelToInside(low) ? AddressKind.Reserved : AddressKind.Public;
        }

        return high switch
        {
            0 when low == 0 => AddressKind.Unspecified,
            0 when low == 1 => AddressKind.Loopback,
            _ when IsMetadata(high, low) => AddressKind.Metadata,
            _ when high >> 57 == 0xFC >> 1 => IsTunnelToInside(low) ? AddressKind.Reserved : AddressKind.UniqueLocal,
            _ when high >> 54 == 0xFE80 >> 6 => AddressKind.LinkLocal,
            _ when high >> 56 == 0xFF => AddressKind.Multicast,
            _ => AddressKind.Reserved,
        };
    }

    /// <summary>The parts of 2000::/3 that are not ordinary global unicast.</summary>
    private static bool IsException(ulong high) =>
        high >> 41 == 0x2001_0000 >> 9          // 2001::/23, protocol assignments (Teredo, ORCHID, ...)
        || high >> 32 == 0x2001_0DB8            // documentation
        || high >> 48 == 0x2002                 // 6to4
        || high >> 16 == 0x2620_004F_8000       // AS112
        || high >> 44 == 0x3FFF_0;              // documentation

    /// <summary>fd00:ec2::/32 (AWS), fd20:ce::254 (Google), fd00:42::42 (Scaleway).</summary>
    private static bool IsMetadata(ulong high, ulong low) =>
        high >> 32 == 0xFD00_0EC2
        || (high == 0xFD20_00CE_0000_0000 && low == 0x254)
        || (high == 0xFD00_0042_0000_0000 && low == 0x42);

    /// <summary>An ISATAP interface identifier whose IPv4 tail is not public.</summary>
    private static bool IsTunnelToInside(ulong low) =>
        (low >> 32) is 0x0000_5EFE or 0x0200_5EFE && Classify4((uint)(low & uint.MaxValue)) != AddressKind.Public;
}
