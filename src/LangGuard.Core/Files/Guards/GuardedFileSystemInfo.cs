using System.IO.Abstractions;

namespace LangGuard.Files;

/// <summary>What file and directory objects share. They hold a name and nothing else: every answer is decided and looked up
/// anew.</summary>
internal abstract class GuardedFileSystemInfo : IFileSystemInfo
{
    private protected GuardedFileSystemInfo(GuardedFileSystem fileSystem, FileActions actions, string path)
    {
        Guarded = fileSystem;
        Actions = actions;
        OriginalPath = path;
        FullName = actions.FullPath(path);
    }

    public IFileSystem FileSystem => Guarded;

    public string FullName { get; private protected set; }

    public abstract string Name { get; }

    public abstract bool Exists { get; }

    public string Extension => Path.GetExtension(Name);

    public string? LinkTarget => Exists || IsDangling ? Actions.LinkText(FullName) : null;

    public FileAttributes Attributes
    {
        get => Actions.AttributesOrMissing(FullName);
        set => Actions.SetAttributes(FullName, value);
    }

    public UnixFileMode UnixFileMode
    {
        get => Actions.TryFacts(FullName, out _)?.Mode ?? (UnixFileMode)(-1);
        set => Actions.SetMode(FullName, value);
    }

    public DateTime CreationTime
    {
        get => CreationTimeUtc.ToLocalTime();
        set => Actions.SetTime(FullName, FileTime.Creation, value);
    }

    public DateTime CreationTimeUtc
    {
        get => Actions.Time(FullName, FileTime.Creation);
        set => Actions.SetTime(FullName, FileTime.Creation, AsUtc(value));
    }

    public DateTime LastAccessTime
    {
        get => LastAccessTimeUtc.ToLocalTime();
        set => Actions.SetTime(FullName, FileTime.Access, value);
    }

    public DateTime LastAccessTimeUtc
    {
        get => Actions.Time(FullName, FileTime.Access);
        set => Actions.SetTime(FullName, FileTime.Access, AsUtc(value));
    }

    public DateTime LastWriteTime
    {
        get => LastWriteTimeUtc.ToLocalTime();
        set => Actions.SetTime(FullName, FileTime.Write, value);
    }

    public DateTime LastWriteTimeUtc
    {
        get => Actions.Time(FullName, FileTime.Write);
        set => Actions.SetTime(FullName, FileTime.Write, AsUtc(value));
    }

    private protected GuardedFileSystem Guarded { get; }

    private protected FileActions Actions { get; }

    private protected string OriginalPath { get; set; }

    private bool IsDangling => Actions.IsDanglingLink(FullName);

    public abstract void Delete();

    public void CreateAsSymbolicLink(string pathToTarget) => Actions.CreateLink(FullName, pathToTarget);

    public void Refresh()
    {
        // Nothing is remembered, so there is nothing to refresh.
    }

    public IFileSystemInfo? ResolveLinkTarget(bool returnFinalTarget) =>
        Follow(Guarded, Actions, FullName, returnFinalTarget);

    public override string ToString() => OriginalPath;

    internal static IFileSystemInfo? Follow(GuardedFileSystem fileSystem, FileActions actions, string path, bool toTheEnd)
    {
        if (actions.FollowLink(path, toTheEnd) is not { } target)
        {
            return null;
        }

        return target.IsDirectory
            ? new GuardedDirectoryInfo(fileSystem, actions, target.FullName)
            : new GuardedFileInfo(fileSystem, actions, target.FullName);
    }

    private static DateTime AsUtc(DateTime time) =>
        time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time.ToUniversalTime();
}
