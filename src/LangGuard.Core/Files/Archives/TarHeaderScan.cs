namespace LangGuard.Files;

/// <summary>Looks at the header blocks of a tar archive before the platform's reader does: the reader allocates what a
/// header states, so a small archive could otherwise ask for gigabytes.</summary>
internal static class TarHeaderScan
{
    private const int Block = 512;
    private const int SizeOffset = 124;
    private const int SizeLength = 12;
    private const int TypeOffset = 156;
    private const long MaxExtendedHeader = 64 * 1024;

    internal static void Check(Stream content, ArchiveOptions options, long packedBytes)
    {
        var header = new byte[Block];
        var skipped = new byte[16 * 1024];
        var entries = 0;
        long bytes = 0;

        // Goes on past empty blocks: what the reader might still take for an entry has been looked at here.
        while (content.ReadAtLeast(header, Block, throwOnEndOfStream: false) == Block)
        {
            bytes += Block;
            CheckRatio(bytes, options, packedBytes);
            if (!header.AsSpan().ContainsAnyExcept((byte)0))
            {
                continue;
            }

            var size = SizeOf(header);
            var isExtended = header[TypeOffset] is (byte)'x' or (byte)'g' or (byte)'L' or (byte)'K' or (byte)'X';
            if (size < 0 || (isExtended && size > MaxExtendedHeader) || size > options.MaxEntryBytes)
            {
                throw new ArchiveException("An entry states a size that is not allowed.");
            }

            // Extended headers come before an entry, at most a few for each.
            if (++entries > options.MaxEntries * 4L)
            {
                throw new ArchiveException($"The archive holds more than {options.MaxEntries} entries.");
            }

            var padded = (size + Block - 1) / Block * Block;
            if (isExtended)
            {
                var extension = new byte[(int)padded];
                bytes += content.ReadAtLeast(extension, extension.Length, throwOnEndOfStream: false);
                CheckExtension(extension);
                continue;
            }

            for (int read; padded > 0; padded -= read, bytes += read)
            {
                read = content.Read(skipped, 0, (int)Math.Min(padded, skipped.Length));
                CheckRatio(bytes, options, packedBytes);
                if (read == 0)
                {
                    return;
                }
            }
        }
    }

    // A size given a second time would show the reader other headers than those that were looked at here.
    private static void CheckExtension(ReadOnlySpan<byte> extension)
    {
        if (extension.IndexOf(" size="u8) >= 0 || extension.IndexOf(" GNU.sparse."u8) >= 0)
        {
            throw new ArchiveException("An entry states its size twice, or is sparse.");
        }
    }

    private static void CheckRatio(long bytes, ArchiveOptions options, long packedBytes)
    {
        if (bytes > ArchiveBudget.RatioFrom && bytes / Math.Max(packedBytes, 1) > options.MaxRatio)
        {
            throw new ArchiveException($"The archive unpacks to more than {options.MaxRatio} times its size.");
        }
    }

    /// <summary>Octal text, or a big-endian number where the first bit is set.</summary>
    private static long SizeOf(ReadOnlySpan<byte> header)
    {
        var field = header.Slice(SizeOffset, SizeLength);
        if ((field[0] & 0x80) != 0)
        {
            foreach (var b in field[1..4])
            {
                if (b != 0)
                {
                    return -1;
                }
            }

            var number = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(field[4..]);
            return (field[0] & 0x7f) == 0 ? number : -1;
        }

        long size = 0;
        foreach (var b in field)
        {
            if (b is >= (byte)'0' and <= (byte)'7')
            {
                size = checked((size * 8) + (b - '0'));
            }
            else if (b is not ((byte)' ' or 0))
            {
                return -1;
            }
        }

        return size;
    }
}
