namespace LangGuard.Files;

/// <summary>
/// A directory held by its handle (by its verified name where the platform has none). Everything acts on one part beneath it
/// and never follows a link in that part, so the last step can not be redirected.
/// </summary>
internal abstract class ConfinedDirectory : IDisposable
{
    /// <summary>The resolved name relative to the root; empty for the root.</summary>
    public abstract string Name { get; }

    public abstract FileIdentity Identity { get; }

    public string NameOf(string leaf) => Name.Length == 0 ? leaf : string.Concat(Name, "/", leaf);

    public abstract FileStatus Stat(string leaf, out FileFacts facts);

    public abstract FileStatus OpenFile(string leaf, FileAim aim, out ConfinedFile? file);

    public abstract FileStatus OpenDirectory(string leaf, out ConfinedDirectory? directory);

    /// <summary>Creates a new, empty file; fails when anything has the name.</summary>
    public abstract FileStatus CreateFile(string leaf, FileAim aim, UnixFileMode mode, out ConfinedFile? file);

    public abstract FileStatus CreateDirectory(string leaf, UnixFileMode mode);

    public abstract FileStatus RemoveFile(string leaf);

    public abstract FileStatus RemoveDirectory(string leaf);

    public abstract FileStatus Rename(string leaf, ConfinedDirectory target, string targetLeaf, RenameMode mode);

    public abstract FileStatus CreateLink(string leaf, string target);

    public abstract FileStatus ReadLink(string leaf, out string target);

    /// <summary>Reads up to <paramref name="limit"/> names; <see cref="FileStatus.TooManyOpen"/> is never a partial answer.</summary>
    public abstract FileStatus ReadEntries(List<DirectoryEntry> entries, int limit);

    public abstract void Dispose();
}
