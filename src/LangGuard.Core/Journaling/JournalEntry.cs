using LangGuard.Files;

namespace LangGuard.Journaling;

/// <summary>One change in the journal: what was written before it, and what became of it.</summary>
internal sealed class JournalEntry
{
    public required long Number { get; init; }

    public required FileChangeKind Kind { get; init; }

    public required string Session { get; init; }

    public required long TimeTicks { get; init; }

    /// <summary>The directory of the root on the host, and its name in the policy.</summary>
    public required string Anchor { get; init; }

    public required string Root { get; init; }

    public required string Name { get; init; }

    public string NewAnchor { get; init; } = string.Empty;

    public string NewRoot { get; init; } = string.Empty;

    public string NewName { get; init; } = string.Empty;

    /// <summary>What stood at the name before.</summary>
    public FileState Before { get; init; }

    /// <summary>What stood at the new name of a move before.</summary>
    public FileState Replaced { get; init; }

    /// <summary>The inode prepared to take the name, for an overwrite by exchange.</summary>
    public FileIdentity Prepared { get; init; }

    /// <summary>How the pre-image is kept.</summary>
    public PreImage PreImage { get; init; }

    /// <summary>What stands there since.</summary>
    public FileState After { get; set; }

    public ChangeState State { get; set; }

    /// <summary>Bytes of the pre-image.</summary>
    public long Bytes => PreImage == PreImage.None ? 0 : Kind == FileChangeKind.Move ? Replaced.Length : Before.Length;

    /// <summary>The name of the pre-image among the blobs.</summary>
    public string Blob => Number.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
