namespace LangGuard.Files;

/// <content>Unpacks archives: each entry is an ordinary guarded write.</content>
public sealed partial class GuardedFileSystem
{
    /// <summary>Unpacks a zip archive.</summary>
    /// <param name="archive">The name of the archive.</param>
    /// <param name="destination">The directory to unpack into; created when it is missing.</param>
    /// <param name="options">How much; null for the defaults.</param>
    /// <exception cref="ArchiveException">The archive is damaged, too large, or holds links or names that lead out.</exception>
    /// <exception cref="AccessDeniedException">The policy denies an entry.</exception>
    public ArchiveReport ExtractZip(string archive, string destination, ArchiveOptions? options = null) =>
        ArchiveUnpacking.Zip(this, archive, destination, options);

    /// <summary>Unpacks a tar archive, packed by gzip or not.</summary>
    /// <param name="archive">The name of the archive.</param>
    /// <param name="destination">The directory to unpack into; created when it is missing.</param>
    /// <param name="options">How much; null for the defaults.</param>
    /// <exception cref="ArchiveException">The archive is damaged, too large, or holds links or names that lead out.</exception>
    /// <exception cref="AccessDeniedException">The policy denies an entry.</exception>
    public ArchiveReport ExtractTar(string archive, string destination, ArchiveOptions? options = null) =>
        ArchiveUnpacking.Tar(this, archive, destination, options);
}
