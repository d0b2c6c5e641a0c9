using System.IO.Abstractions;

namespace LangGuard.Files;

internal sealed class GuardedDirectoryInfoFactory(GuardedFileSystem fileSystem, FileActions actions) : IDirectoryInfoFactory
{
    public IFileSystem FileSystem => fileSystem;

    public IDirectoryInfo New(string path) => new GuardedDirectoryInfo(fileSystem, actions, path);

    // An object of the platform names a directory of the host; it is not taken over.
    public IDirectoryInfo? Wrap(DirectoryInfo? directoryInfo) =>
        directoryInfo is null ? null : throw actions.Refuse("DirectoryInfo", Permissions.FileReasons.ForeignObject);
}
