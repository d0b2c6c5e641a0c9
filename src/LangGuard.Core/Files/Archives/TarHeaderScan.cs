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

    internal static void Check(Stream content, ArchiveOptions options)
    {
        var header = new byte[Block];
        var entries = 0;
        while (content.ReadAtLeast(header, Block, throwOnEndOfStream: false) == Block && header[0] != 0)
        {
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

            Skip(content, (size + Block - 1) / Block * Block, header);
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

    private static void Skip(Stream content, long bytes, byte[] buffer)
    {
        var scratch = new byte[16 * 1024];
        while (bytes > 0)
        {
            var read = content.Read(scratch, 0, (int)Math.Min(bytes, scratch.Length));
            if (read == 0)
            {
                buffer[0] = 0;
                return;
            }

            bytes -= read;
        }
    }
}
