using System.IO.Abstractions;

namespace LangGuard.Files;

/// <summary>A directory by name. There is nothing above a root.</summary>
internal sealed partial class GuardedDirectoryInfo(GuardedFileSystem fileSystem, FileActions actions, string path)
    : GuardedFileSystemInfo(fileSystem, actions, path), IDirectoryInfo
{
    public override string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(FullName));

    public override bool Exists => Guarded.Directory.Exists(FullName);

    public IDirectoryInfo? Parent =>
        Actions.ParentOfFull(FullName) is { } parent ? new GuardedDirectoryInfo(Guarded, Actions, parent) : null;

    public IDirectoryInfo Root => new GuardedDirectoryInfo(Guarded, Actions, Actions.RootOf(FullName));

    public override void Delete() => Guarded.Directory.Delete(FullName);

    public void Delete(bool recursive) => Guarded.Directory.Delete(FullName, recursive);

    public void Create() => Guarded.Directory.CreateDirectory(FullName);

    public IDirectoryInfo CreateSubdirectory(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string full = Actions.SubPath(FullName, path);
        Guarded.Directory.CreateDirectory(full);
        return new GuardedDirectoryInfo(Guarded, Actions, full);
    }

    public void MoveTo(string destDirName)
    {
        string target = Actions.FullPath(destDirName);
        Guarded.Directory.Move(FullName, target);
        FullName = target;
        OriginalPath = destDirName;
    }
}
