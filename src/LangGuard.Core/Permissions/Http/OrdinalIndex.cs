using System.Numerics;
using System.Runtime.InteropServices;

namespace LangGuard.Permissions;

/// <summary>Finds values by names, in a time that depends neither on their number nor on their length. Names come from the
/// policy alone, so that nobody else can choose ones that collide.</summary>
internal sealed class OrdinalIndex<T>
    where T : class
{
    private readonly (string Name, T Value)[][] _buckets;
    private readonly uint _mask;

    public OrdinalIndex(IEnumerable<KeyValuePair<string, T>> entries)
    {
        var all = entries.Select(entry => (entry.Key, entry.Value)).ToArray();
        Count = all.Length;
        _mask = BitOperations.RoundUpToPowerOf2((uint)Math.Max(all.Length, 1) * 2) - 1;
        _buckets = new (string, T)[_mask + 1][];
        foreach (var bucket in all.GroupBy(entry => Hash(entry.Key) & _mask))
        {
            _buckets[bucket.Key] = [.. bucket];
        }
    }

    public int Count { get; }

    public T? Find(ReadOnlySpan<char> name)
    {
        if (_buckets[Hash(name) & _mask] is { } bucket)
        {
            foreach (var (known, value) in bucket)
            {
                if (name.SequenceEqual(known))
                {
                    return value;
                }
            }
        }

        return null;
    }

    /// <summary>Every letter, four at a time; the last four again where the length is no multiple.</summary>
    private static uint Hash(ReadOnlySpan<char> name)
    {
        unchecked
        {
            var hash = (uint)name.Length * 0x9E37_79B9_7F4A_7C15;
            var bytes = MemoryMarshal.AsBytes(name);
            if (bytes.Length >= 8)
            {
                var last = MemoryMarshal.Read<ulong>(bytes[^8..]);
                for (; bytes.Length > 8; bytes = bytes[8..])
                {
                    hash = BitOperations.RotateLeft(hash ^ MemoryMarshal.Read<ulong>(bytes), 29) * 0x9E37_79B9_7F4A_7C15;
                }

                hash ^= last;
            }
            else
            {
                foreach (var c in name)
                {
                    hash = (hash * 0x9E37_79B9_7F4A_7C15) + c;
                }
            }

            hash *= 0xC2B2_AE3D_27D4_EB4F;
            return (uint)(hash >> 32);
        }
    }
}
