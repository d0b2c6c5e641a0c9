namespace LangGuard.Files;

/// <summary>A directory of the portable backend, by its resolved name.</summary>
internal sealed class PathDirectory(PathRoot root, string name) : ConfinedDirectory
{
    public override string Name { get; } = name;

    public override FileIdentity Identity =>
        root.Files.Stat(root.PathOf(Name), out FileFacts facts) == FileStatus.Ok ? facts.Identity : default;

    public override FileStatus Stat(string leaf, out FileFacts facts) => root.Files.Stat(PathOf(leaf), out facts);

    public override FileStatus OpenFile(string leaf, FileAim aim, out ConfinedFile? file)
    {
        file = null;
        return root.Files.ReadLink(PathOf(leaf)) is null
            ? root.OpenResolved(ResolvedOf(leaf), aim, out file)
            : FileStatus.TooManyLinks;
    }

    public override FileStatus OpenDirectory(string leaf, out ConfinedDirectory? directory)
    {
        directory = null;
        FileStatus status = Stat(leaf, out FileFacts facts);
        if (status != FileStatus.Ok || facts.Kind != FileKind.Directory)
        {
            return status != FileStatus.Ok ? status
                : facts.Kind == FileKind.Link ? FileStatus.TooManyLinks : FileStatus.NotDirectory;
        }

        directory = new PathDirectory(root, ResolvedOf(leaf));
        return FileStatus.Ok;
    }

    public override FileStatus CreateFile(string leaf, FileAim aim, UnixFileMode mode, out ConfinedFile? file) =>
        root.CreateResolved(ResolvedOf(leaf), aim, mode, out file);

    public override FileStatus CreateDirectory(string leaf, UnixFileMode mode) => Act(leaf, path =>
        root.Files.Stat(path, out _) == FileStatus.Ok ? FileStatus.Exists : root.Files.CreateDirectory(path, mode));

    public override FileStatus RemoveFile(string leaf) => Act(leaf, root.Files.RemoveFile);

    public override FileStatus RemoveDirectory(string leaf) => Act(leaf, root.Files.RemoveDirectory);

    public override FileStatus Rename(string leaf, ConfinedDirectory target, string targetLeaf, RenameMode mode) =>
        target is PathDirectory other && ReferenceEquals(other.Files.GetType(), Files.GetType())
            ? Act(leaf, path => other.Act(targetLeaf, targetPath => root.Files.Rename(path, targetPath, mode)))
            : FileStatus.CrossDevice;

    public override FileStatus CreateLink(string leaf, string target)
    {
        bool isDirectory = root.Files.Stat(PathOf(target), out FileFacts facts) == FileStatus.Ok
            && facts.Kind == FileKind.Directory;
        return Act(leaf, path => root.Files.CreateLink(path, target, isDirectory));
    }

    public override FileStatus ReadLink(string leaf, out string target)
    {
        string? text = root.Files.ReadLink(PathOf(leaf));
        target = text ?? string.Empty;
        return text is null ? FileStatus.Invalid : FileStatus.Ok;
    }

    public override FileStatus ReadEntries(List<DirectoryEntry> entries, int limit) =>
        root.Files.ReadEntries(root.PathOf(Name), entries, limit);

    public override void Dispose()
    {
    }

    private PathFiles Files => root.Files;

    private string ResolvedOf(string leaf) => leaf == "." ? Name : NameOf(leaf);

    private string PathOf(string leaf) => root.PathOf(ResolvedOf(leaf));

    // Invariant: one part only, as in the other backend.
    private FileStatus Act(string leaf, Func<string, FileStatus> act) =>
        leaf.Length == 0 || leaf is "." or ".." || leaf.Contains('/', StringComparison.Ordinal)
            ? FileStatus.Invalid
            : act(PathOf(leaf));
}
