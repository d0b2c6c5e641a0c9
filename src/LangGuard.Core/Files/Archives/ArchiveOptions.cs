namespace LangGuard.Files;

/// <summary>How much an archive may unpack to. Links, devices and encrypted entries are always refused.</summary>
public sealed class ArchiveOptions
{
    /// <summary>Entries at most; positive. Default: 10,000.</summary>
    public int MaxEntries { get; set; } = 10_000;

    /// <summary>Unpacked bytes of all entries together at most; positive. Default: 1 GiB.</summary>
    public long MaxBytes { get; set; } = 1L << 30;

    /// <summary>Unpacked bytes of one entry at most; positive. Default: 256 MiB.</summary>
    public long MaxEntryBytes { get; set; } = 256L << 20;

    /// <summary>Unpacked bytes for each packed byte at most, looked at after the first mebibyte; positive. Default: 100.</summary>
    public int MaxRatio { get; set; } = 100;

    /// <summary>Parts of a name at most; positive. Default: 32.</summary>
    public int MaxDepth { get; set; } = 32;

    /// <summary>Whether an entry may replace a file that exists. Default: no, and then nothing is unpacked.</summary>
    public bool Overwrite { get; set; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxEntries);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxEntryBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxRatio);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxDepth);
    }
}
