using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace LangGuard.Auditing;

/// <summary>One record on disk: its length, a checksum, its number, the hash that chains it to all before it, and the
/// text. The checksum tells a torn record from a whole one; the hash tells an honest one from an edited one.</summary>
internal static class AuditFrame
{
    internal const int HashSize = SHA256.HashSizeInBytes;

    /// <summary>Length, checksum, number, hash.</summary>
    internal const int HeaderSize = 4 + 4 + 8 + HashSize;

    /// <summary>What is hashed before the text: the hash before and the number.</summary>
    internal const int ChainSize = HashSize + 8;

    /// <summary>A record is never longer; fields are cut long before.</summary>
    internal const int MaxPayload = 64 * 1024;

    /// <summary>Writes a frame and returns its size. Moves <paramref name="head"/> on to the hash of this record.</summary>
    /// <param name="chained">Room for the hash before and the number, then the text.</param>
    /// <param name="index">The number of the record.</param>
    /// <param name="head">The hash of the record before; afterwards of this one.</param>
    /// <param name="frame">Where the frame goes.</param>
    /// <param name="hasher">A hash that is used again and again, which is faster; by one thread at a time.</param>
    internal static int Write(Span<byte> chained, long index, Span<byte> head, Span<byte> frame, IncrementalHash hasher)
    {
        var payload = chained[ChainSize..];
        Link(chained, index, head);
        hasher.AppendData(chained);
        hasher.GetHashAndReset(head);
        BinaryPrimitives.WriteInt32LittleEndian(frame, payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], index);
        head.CopyTo(frame[16..]);
        payload.CopyTo(frame[HeaderSize..]);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Checksum(frame[8..(HeaderSize + payload.Length)]));
        return HeaderSize + payload.Length;
    }

    /// <summary>Reads the frame at the start of the data. False when there is no whole one.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> data, out long index, out ReadOnlySpan<byte> hash, out ReadOnlySpan<byte> payload)
    {
        index = 0;
        hash = payload = default;
        if (data.Length < HeaderSize)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(data);
        if (length is <= 0 or > MaxPayload || length > data.Length - HeaderSize
            || BinaryPrimitives.ReadUInt32LittleEndian(data[4..]) != Checksum(data.Slice(8, HeaderSize - 8 + length)))
        {
            return false;
        }

        index = BinaryPrimitives.ReadInt64LittleEndian(data[8..]);
        hash = data.Slice(16, HashSize);
        payload = data.Slice(HeaderSize, length);
        return true;
    }

    internal static void Hash(Span<byte> chained, long index, ReadOnlySpan<byte> previous, Span<byte> hash)
    {
        Link(chained, index, previous);
        SHA256.HashData(chained, hash);
    }

    private static void Link(Span<byte> chained, long index, ReadOnlySpan<byte> previous)
    {
        previous.CopyTo(chained);
        BinaryPrimitives.WriteInt64LittleEndian(chained[HashSize..], index);
    }

    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        var sum = uint.MaxValue;
        while (data.Length >= 8)
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[8..];
        }

        foreach (var b in data)
        {
            sum = BitOperations.Crc32C(sum, b);
        }

        return ~sum;
    }
}
