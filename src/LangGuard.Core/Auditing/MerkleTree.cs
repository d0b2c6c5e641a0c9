using System.Numerics;
using System.Security.Cryptography;

namespace LangGuard.Auditing;

/// <summary>The hash tree of RFC 6962 over the records so far, kept as the roots of its whole subtrees: enough to go on
/// and to know the root, whatever the number of records.</summary>
internal sealed class MerkleTree
{
    private const int HashSize = SHA256.HashSizeInBytes;
    private const int MaxDepth = 64;
    private readonly byte[] _roots = new byte[MaxDepth * HashSize];
    private int _count;

    internal MerkleTree()
    {
    }

    /// <summary>Goes on from what was saved.</summary>
    internal MerkleTree(long size, IReadOnlyList<byte[]> roots)
    {
        Size = size;
        if (size < 0 || roots.Count != BitOperations.PopCount((ulong)size) || roots.Any(root => root.Length != HashSize))
        {
            throw new InvalidDataException("The saved tree does not fit its size.");
        }

        foreach (var root in roots)
        {
            root.CopyTo(Slot(_count++));
        }
    }

    internal long Size { get; private set; }

    internal IReadOnlyList<byte[]> Roots => [.. Enumerable.Range(0, _count).Select(i => Slot(i).ToArray())];

    /// <summary>Adds the chain hash of the next record.</summary>
    internal void Add(ReadOnlySpan<byte> chainHash)
    {
        Span<byte> leaf = stackalloc byte[1 + HashSize];
        leaf[0] = 0;
        chainHash.CopyTo(leaf[1..]);
        SHA256.HashData(leaf, Slot(_count++));
        for (var size = Size; (size & 1) == 1; size >>= 1)
        {
            Join(Slot(_count - 2), Slot(_count - 1), Slot(_count - 2));
            _count--;
        }

        Size++;
    }

    internal byte[] Root()
    {
        if (_count == 0)
        {
            return SHA256.HashData([]);
        }

        var root = Slot(_count - 1).ToArray();
        for (var i = _count - 2; i >= 0; i--)
        {
            Join(Slot(i), root, root);
        }

        return root;
    }

    /// <summary>The hash of a leaf of the tree.</summary>
    internal static byte[] Leaf(ReadOnlySpan<byte> chainHash)
    {
        Span<byte> leaf = stackalloc byte[1 + HashSize];
        leaf[0] = 0;
        chainHash.CopyTo(leaf[1..]);
        return SHA256.HashData(leaf);
    }

    /// <summary>The hashes beside the way from a leaf to the root, from below (RFC 6962, 2.1.1).</summary>
    internal static IReadOnlyList<byte[]> Path(IReadOnlyList<byte[]> leaves, long number)
    {
        var path = new List<byte[]>();
        var level = leaves;
        for (var at = (int)number; level.Count > 1; at >>= 1)
        {
            var above = new List<byte[]>((level.Count + 1) / 2);
            for (var i = 0; i < level.Count; i += 2)
            {
                // What stands alone at the end of a level goes up as it is.
                above.Add(i + 1 < level.Count ? Joined(level[i], level[i + 1]) : level[i]);
            }

            if ((at ^ 1) < level.Count)
            {
                path.Add(level[at ^ 1]);
            }

            level = above;
        }

        return path;
    }

    /// <summary>The root that a record and the hashes beside its way lead to; null when they do not fit the size.</summary>
    internal static byte[]? RootOf(ReadOnlySpan<byte> chainHash, long number, long size, IReadOnlyList<byte[]> path)
    {
        var node = Leaf(chainHash);
        var used = 0;
        for (var last = size - 1; last > 0; last >>= 1, number >>= 1)
        {
            if ((number ^ 1) > last)
            {
                continue;
            }

            if (used == path.Count)
            {
                return null;
            }

            var beside = path[used++];
            node = (number & 1) == 1 ? Joined(beside, node) : Joined(node, beside);
        }

        return used == path.Count ? node : null;
    }

    private static byte[] Joined(byte[] left, byte[] right)
    {
        var parent = new byte[HashSize];
        Join(left, right, parent);
        return parent;
    }

    private static void Join(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> parent)
    {
        Span<byte> node = stackalloc byte[1 + (2 * HashSize)];
        node[0] = 1;
        left.CopyTo(node[1..]);
        right.CopyTo(node[(1 + HashSize)..]);
        SHA256.HashData(node, parent);
    }

    private Span<byte> Slot(int index) => _roots.AsSpan(index * HashSize, HashSize);
}
