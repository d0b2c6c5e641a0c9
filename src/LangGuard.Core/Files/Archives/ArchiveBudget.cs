namespace LangGuard.Files;

/// <summary>Counts what really comes out of an archive. Sizes that the archive states are not believed.</summary>
internal sealed class ArchiveBudget(ArchiveOptions options, long packedBytes)
{
    internal const long RatioFrom = 1L << 20;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _entries;

    internal long Bytes { get; private set; }

    internal void AddEntry()
    {
        if (++_entries > options.MaxEntries)
        {
            throw new ArchiveException($"The archive holds more than {options.MaxEntries} entries.");
        }
    }

    /// <summary>Copies one entry, stopping at the first byte too many, and tells how it begins and how long it is.</summary>
    internal long Copy(Stream from, Stream to, out byte[] head)
    {
        head = [];
        long entry = 0;
        while (true)
        {
            var read = from.ReadAtLeast(_buffer, ContentSniffer.Window, throwOnEndOfStream: false);
            if (read == 0)
            {
                return entry;
            }

            if (entry == 0)
            {
                head = _buffer[..Math.Min(read, ContentSniffer.Window)];
            }

            entry += read;
            Bytes += read;
            if (entry > options.MaxEntryBytes)
            {
                throw new ArchiveException($"An entry unpacks to more than {options.MaxEntryBytes} bytes.");
            }

            if (Bytes > options.MaxBytes)
            {
                throw new ArchiveException($"The archive unpacks to more than {options.MaxBytes} bytes.");
            }

            if (Bytes > RatioFrom && Bytes / Math.Max(packedBytes, 1) > options.MaxRatio)
            {
                throw new ArchiveException($"The archive unpacks to more than {options.MaxRatio} times its size.");
            }

            to.Write(_buffer, 0, read);
        }
    }
}
