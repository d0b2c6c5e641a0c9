using System.Net;
using System.Numerics;

namespace LangGuard.Http;

/// <summary>Sets of networks: what is left when some are taken out of others.</summary>
internal static class NetworkSets
{
    /// <summary>The networks that cover exactly what <paramref name="from"/> covers and <paramref name="without"/> does not.</summary>
    public static List<IPNetwork> Subtract(IEnumerable<IPNetwork> from, IReadOnlyCollection<IPNetwork> without)
    {
        var result = new List<IPNetwork>();
        var work = new Stack<IPNetwork>(from.Reverse());
        while (work.TryPop(out var network))
        {
            if (without.Any(other => Covers(other, network)))
            {
                continue;
            }

            if (!without.Any(other => Covers(network, other)))
            {
                result.Add(network);
                continue;
            }

            var (low, high) = Halves(network);
            work.Push(high);
            work.Push(low);
        }

        return result;
    }

    private static bool Covers(IPNetwork outer, IPNetwork inner) =>
        outer.BaseAddress.AddressFamily == inner.BaseAddress.AddressFamily
        && outer.PrefixLength <= inner.PrefixLength
        && (Value(outer) ^ Value(inner)) >> (Bits(outer) - outer.PrefixLength) == BigInteger.Zero;

    private static (IPNetwork Low, IPNetwork High) Halves(IPNetwork network)
    {
        var value = Value(network) | (BigInteger.One << (Bits(network) - network.PrefixLength - 1));
        var half = new byte[Bits(network) / 8];
        var written = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        written.CopyTo(half, half.Length - written.Length);
        return (
            new IPNetwork(network.BaseAddress, network.PrefixLength + 1),
            new IPNetwork(new IPAddress(half), network.PrefixLength + 1));
    }

    private static BigInteger Value(IPNetwork network) =>
        new(network.BaseAddress.GetAddressBytes(), isUnsigned: true, isBigEndian: true);

    private static int Bits(IPNetwork network) => network.BaseAddress.GetAddressBytes().Length * 8;
}
