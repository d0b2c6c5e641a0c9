namespace LangGuard.Files;

/// <summary>Counts what really comes out of an archive. Sizes that the archive states are not believed.</summary>
internal sealed class ArchiveBudget(ArchiveOptions options, long packedBytes)
{
    private const long RatioFrom = 1L << 20;
    private int _entries;

    internal long Bytes { get; private set; }

    internal void AddEntry()
    {
        if (++_entries > options.MaxEntries)
        {
            throw new ArchiveException($"The archive holds more than {options.MaxEntries} entries.");
        }
    }

    /// <summary>Copies one entry, stopping at the first byte too many.</summary>
    internal void Copy(Stream from, Stream to)
    {
        var buffer = new byte[64 * 1024];
        long entry = 0;
        while (true)
        {
            var read = from.Read(buffer, 0, buffer.Length);
            if (read == 0)
            {
                return;
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

            if (Bytes > RatioFrom && Bytes / Math.Max(packedBytes, 1) >= options.MaxRatio)
            {
                throw new ArchiveException($"The archive unpacks to more than {options.MaxRatio} times its size.");
            }

            to.Write(buffer, 0, read);
        }
    }
}
