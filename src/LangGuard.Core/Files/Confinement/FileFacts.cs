namespace LangGuard.Files;

/// <summary>What one system call tells about a file. Times are UTC ticks.</summary>
internal readonly record struct FileFacts
{
    public FileKind Kind { get; init; }

    public long Length { get; init; }

    public long Links { get; init; }

    public UnixFileMode Mode { get; init; }

    public uint Owner { get; init; }

    public uint Group { get; init; }

    public FileIdentity Identity { get; init; }

    public long LastWriteTicks { get; init; }

    public long LastAccessTicks { get; init; }

    /// <summary>When the inode changed last; stands for the creation time where no better is known.</summary>
    public long ChangeTicks { get; init; }

    /// <summary>Bytes on disk, which a sparse file keeps far below its length.</summary>
    public long Allocated { get; init; }

    /// <summary>Attributes as the file system states them; null where they follow from mode and name.</summary>
    public FileAttributes? Attributes { get; init; }
}
