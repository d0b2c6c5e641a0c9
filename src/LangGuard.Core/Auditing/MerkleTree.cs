using System.Numerics;
using System.Security.Cryptography;

namespace LangGuard.Auditing;

/// <summary>The hash tree of RFC 6962 over the records so far, kept as the roots of its whole subtrees: enough to go on
/// and to know the root, whatever the number of records.</summary>
internal sealed class MerkleTree
{
    private const int HashSize = SHA256.HashSizeInBytes;
    private readonly List<byte[]> _roots = [];

    internal MerkleTree()
    {
    }

    /// <summary>Goes on from what was saved.</summary>
    internal MerkleTree(long size, IEnumerable<byte[]> roots)
    {
        Size = size;
        _roots.AddRange(roots);
        if (_roots.Count != BitOperations.PopCount((ulong)size) || _roots.Exists(root => root.Length != HashSize))
        {
            throw new InvalidDataException("The saved tree does not fit its size.");
        }
    }

    internal long Size { get; private set; }

    internal IReadOnlyList<byte[]> Roots => _roots;

    /// <summary>Adds the chain hash of the next record.</summary>
    internal void Add(ReadOnlySpan<byte> chainHash)
    {
        Span<byte> leaf = stackalloc byte[1 + HashSize];
        leaf[0] = 0;
        chainHash.CopyTo(leaf[1..]);
        var node = SHA256.HashData(leaf);
        for (var size = Size; (size & 1) == 1; size >>= 1)
        {
            node = Join(_roots[^1], node);
            _roots.RemoveAt(_roots.Count - 1);
        }

        _roots.Add(node);
        Size++;
    }

    internal byte[] Root()
    {
        if (_roots.Count == 0)
        {
            return SHA256.HashData([]);
        }

        var root = _roots[^1];
        for (var i = _roots.Count - 2; i >= 0; i--)
        {
            root = Join(_roots[i], root);
        }

        return root;
    }

    private static byte[] Join(byte[] left, byte[] right)
    {
        Span<byte> node = stackalloc byte[1 + (2 * HashSize)];
        node[0] = 1;
        left.CopyTo(node[1..]);
        right.CopyTo(node[(1 + HashSize)..]);
        return SHA256.HashData(node);
    }
}
