using System.IO.Abstractions;

namespace LangGuard.Files;

internal sealed class GuardedFileSystemWatcherFactory(GuardedFileSystem fileSystem, FileActions actions)
    : IFileSystemWatcherFactory
{
    public IFileSystem FileSystem => fileSystem;

    public IFileSystemWatcher New() => new GuardedFileSystemWatcher(fileSystem, actions);

    public IFileSystemWatcher New(string path) => new GuardedFileSystemWatcher(fileSystem, actions) { Path = path };

    public IFileSystemWatcher New(string path, string filter) =>
        new GuardedFileSystemWatcher(fileSystem, actions) { Path = path, Filter = filter };

    public IFileSystemWatcher? Wrap(FileSystemWatcher? fileSystemWatcher) => fileSystemWatcher is null
        ? null
        : throw actions.Refuse("FileSystemWatcher", Permissions.FileReasons.ForeignObject);
}
