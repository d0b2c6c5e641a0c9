using System.IO.Abstractions;

namespace LangGuard.Files;

/// <summary>Every member of <see cref="IDirectory"/>, guarded or virtual. Split by what the members do.</summary>
internal sealed partial class GuardedDirectory(GuardedFileSystem fileSystem, FileActions actions) : IDirectory
{
    public IFileSystem FileSystem => fileSystem;

    public IDirectoryInfo CreateDirectory(string path)
    {
        actions.CreateDirectory(path);
        return new GuardedDirectoryInfo(fileSystem, actions, path);
    }

    public IDirectoryInfo CreateDirectory(string path, UnixFileMode unixCreateMode)
    {
        actions.CreateDirectory(path, unixCreateMode);
        return new GuardedDirectoryInfo(fileSystem, actions, path);
    }

    public IDirectoryInfo CreateTempSubdirectory(string? prefix = null) =>
        new GuardedDirectoryInfo(fileSystem, actions, actions.CreateTemporaryDirectory(prefix));

    public IFileSystemInfo CreateSymbolicLink(string path, string pathToTarget)
    {
        actions.CreateLink(path, pathToTarget);
        return new GuardedDirectoryInfo(fileSystem, actions, path);
    }

    public IFileSystemInfo? ResolveLinkTarget(string linkPath, bool returnFinalTarget) =>
        GuardedFileSystemInfo.Follow(fileSystem, actions, linkPath, returnFinalTarget);

    public void Delete(string path) => Delete(path, recursive: false);

    public void Delete(string path, bool recursive) => actions.DeleteDirectory(path, recursive);

    public bool Exists(string? path) => actions.KindOf(path) == FileKind.Directory;

    public void Move(string sourceDirName, string destDirName) => actions.MoveDirectory(sourceDirName, destDirName);

    public string GetCurrentDirectory() => actions.Current;

    public void SetCurrentDirectory(string path) => actions.SetCurrent(path);

    public string GetDirectoryRoot(string path) => actions.RootOf(path);

    public string[] GetLogicalDrives() => [.. fileSystem.Roots];

    public IDirectoryInfo? GetParent(string path) =>
        actions.ParentOfFull(actions.FullPath(path)) is { } parent ? new GuardedDirectoryInfo(fileSystem, actions, parent) : null;
}
