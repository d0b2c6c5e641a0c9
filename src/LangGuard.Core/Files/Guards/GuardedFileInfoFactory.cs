using System.IO.Abstractions;

namespace LangGuard.Files;

internal sealed class GuardedFileInfoFactory(GuardedFileSystem fileSystem, FileActions actions) : IFileInfoFactory
{
    public IFileSystem FileSystem => fileSystem;

    public IFileInfo New(string fileName) => new GuardedFileInfo(fileSystem, actions, fileName);

    // An object of the platform names a file of the host; it is not taken over.
    public IFileInfo? Wrap(FileInfo? fileInfo) =>
        fileInfo is null ? null : throw actions.Refuse("FileInfo", Permissions.FileReasons.ForeignObject);
}
