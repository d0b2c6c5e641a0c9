using System.Net;
using LangGuard.Http;

namespace LangGuard.Tests.Http;

public sealed class AddressClassifierTests
{
    // Every block of the IANA IPv4 and IPv6 special-purpose registries, and the multicast and site-local blocks.
    public static TheoryData<string> SpecialBlocks => new(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.0.0/29", "192.0.0.8/32", "192.0.0.9/32", "192.0.0.10/32", "192.0.0.170/32", "192.0.0.171/32", "192.0.2.0/24",
        "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32",
        "::1/128", "::/128", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23", "2001::/32", "2001:1::1/128",
        "2001:1::2/128", "2001:1::3/128", "2001:2::/48", "2001:3::/32", "2001:4:112::/48", "2001:10::/28", "2001:20::/28",
        "2001:30::/28", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10",
        "fec0::/10", "ff00::/8", "::/96", "::ffff:0:0:0/96");

    [Theory]
    [MemberData(nameof(SpecialBlocks))]
    public void Refuses_every_special_block_from_its_first_to_its_last_address(string block)
    {
        var network = IPNetwork.Parse(block);

        AddressClassifier.Classify(network.BaseAddress).Should().NotBe(AddressKind.Public);
        AddressClassifier.Classify(Last(network)).Should().NotBe(AddressKind.Public);
    }

    [Theory]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("169.253.255.255")]
    [InlineData("169.255.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.0.1.0")]
    [InlineData("192.0.3.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2000::1")]
    [InlineData("2001:200::1")]
    [InlineData("2001:db9::1")]
    [InlineData("2003::1")]
    [InlineData("2620:4f:8001::1")]
    [InlineData("3ffe:ffff::1")]
    [InlineData("3fff:1000::1")]
    [InlineData("2606:4700::5efe:808:808")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    public void Accepts_the_neighbours(string address) =>
        AddressClassifier.Classify(IPAddress.Parse(address)).Should().Be(AddressKind.Public);

    [Theory]
    [InlineData("64:ff9b::127.0.0.1")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("64:ff9b:1:7f00:0:100:808:808")]
    [InlineData("fe80::5efe:808:808")]
    [InlineData("2606:4700::5efe:a00:1")]
    [InlineData("2606:4700::200:5efe:7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2606:4700::1%3")]
    public void Refuses_addresses_that_carry_an_inside_one(string address)
    {
        var kind = AddressClassifier.Classify(IPAddress.Parse(address));

        kind.Should().NotBe(AddressKind.Public);
        PrivateNetworks.Opens([IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")], IPAddress.Parse(address)).Should().BeFalse();
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("192.0.0.192")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd20:ce::254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("224.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("fe80::1")]
    public void Is_never_opened_by_a_rule(string address) => PrivateNetworks
        .Opens([IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")], IPAddress.Parse(address)).Should().BeFalse();

    [Fact]
    public void Agrees_with_the_reference_on_a_million_addresses()
    {
        IPNetwork[] all = [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")];
        var random = new Random(20260101);
        Span<byte> bytes = stackalloc byte[16];
        for (var i = 0; i < 1_000_000; i++)
        {
            random.NextBytes(bytes);
            IPAddress address;
            if (i % 2 == 0)
            {
                Shape4(bytes, random);
                address = new IPAddress(bytes[..4]);
            }
            else
            {
                Shape6(bytes, random);
                address = new IPAddress(bytes);
            }

            var actual = AddressClassifier.Classify(address);
            if (actual != ReferenceAddressClassifier.Classify(address))
            {
                actual.Should().Be(ReferenceAddressClassifier.Classify(address), address.ToString());
            }

            // The second opinion is another table and another code, and has to say the same.
            if (SocketGate.IsOpen(address, []) != (actual == AddressKind.Public)
                || SocketGate.IsOpen(address, all) != (actual == AddressKind.Public || PrivateNetworks.Opens(all, address)))
            {
                Assert.Fail($"The opinions on {address} differ.");
            }
        }
    }

    /// <summary>Half of the addresses near an interesting block.</summary>
    private static void Shape4(Span<byte> bytes, Random random)
    {
        ReadOnlySpan<byte> firsts = [0, 10, 100, 127, 168, 169, 172, 192, 198, 203, 224, 240];
        if (random.Next(2) == 0)
        {
            bytes[0] = firsts[random.Next(firsts.Length)];
            bytes[1] = random.Next(2) == 0 ? bytes[1] : (byte)random.Next(4);
            bytes[2] = random.Next(2) == 0 ? bytes[2] : (byte)random.Next(4);
        }
    }

    private static void Shape6(Span<byte> bytes, Random random)
    {
        string[] prefixes =
        [
            "::", "::ffff:0:0", "64:ff9b::", "64:ff9b:1::", "100::", "2001::", "2001:1ff::", "2001:db8::", "2002::", "2620:4f:8000::",
            "3fff::", "3fff:fff::", "5f00::", "fc00::", "fd00:ec2::", "fd20:ce::", "fe80::", "fec0::", "ff00::", "2606:4700::",
        ];
        if (random.Next(4) > 0)
        {
            IPAddress.Parse(prefixes[random.Next(prefixes.Length)]).GetAddressBytes().AsSpan(0, random.Next(2, 13)).CopyTo(bytes);
        }

        if (random.Next(4) == 0)
        {
            bytes[8] = (byte)(random.Next(2) * 2);
            bytes[9] = 0;
            bytes[10] = 0x5e;
            bytes[11] = 0xfe;
            Shape4(bytes[12..], random);
        }
    }

    private static IPAddress Last(IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        for (var bit = network.PrefixLength; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return new IPAddress(bytes);
    }
}
