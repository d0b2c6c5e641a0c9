using System.Buffers.Binary;

namespace LangGuard.Files;

/// <summary>Counts the entries of a zip archive before the platform's reader does: the reader keeps an object for each, so a
/// small archive of empty entries could otherwise ask for gigabytes.</summary>
internal static class ZipDirectoryScan
{
    private const uint EndSignature = 0x06054b50;
    private const uint LongLocatorSignature = 0x07064b50;
    private const uint LongEndSignature = 0x06064b50;
    private const uint EntrySignature = 0x02014b50;
    private const int EndLength = 22;
    private const int LongLocatorLength = 20;
    private const int LongEndLength = 56;
    private const int EntryLength = 46;

    /// <summary>Leaves the stream at its start.</summary>
    internal static void Check(Stream archive, ArchiveOptions options)
    {
        var entry = new byte[EntryLength];
        var entries = 0;
        for (var position = StartOfDirectory(archive); TryRead(archive, position, entry, EntrySignature); entries++)
        {
            if (entries >= options.MaxEntries)
            {
                throw new ArchiveException($"The archive holds more than {options.MaxEntries} entries.");
            }

            position += EntryLength + BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(28))
                + BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(30)) + BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(32));
        }

        archive.Position = 0;
    }

    /// <summary>Where the directory begins, by the last end record, which is the one that the reader takes.</summary>
    private static long StartOfDirectory(Stream archive)
    {
        var tail = new byte[(int)Math.Min(archive.Length, EndLength + ushort.MaxValue)];
        var start = archive.Length - tail.Length;
        archive.Position = start;
        archive.ReadExactly(tail);
        for (var at = tail.Length - EndLength; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) == EndSignature)
            {
                var offset = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16));
                return LongStart(archive, start + at) ?? offset;
            }
        }

        throw new InvalidDataException("There is no end record.");
    }

    private static long? LongStart(Stream archive, long end)
    {
        var locator = new byte[LongLocatorLength];
        var record = new byte[LongEndLength];
        if (!TryRead(archive, end - LongLocatorLength, locator, LongLocatorSignature))
        {
            return null;
        }

        var position = BinaryPrimitives.ReadInt64LittleEndian(locator.AsSpan(8));
        return TryRead(archive, position, record, LongEndSignature) ? BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(48)) : null;
    }

    private static bool TryRead(Stream archive, long position, byte[] record, uint signature)
    {
        if (position < 0 || position > archive.Length - record.Length)
        {
            return false;
        }

        archive.Position = position;
        archive.ReadExactly(record);
        return BinaryPrimitives.ReadUInt32LittleEndian(record) == signature;
    }
}
