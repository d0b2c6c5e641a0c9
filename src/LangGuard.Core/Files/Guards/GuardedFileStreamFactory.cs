using System.IO.Abstractions;
using Microsoft.Win32.SafeHandles;

namespace LangGuard.Files;

/// <summary>Streams by name, and by a handle that this file system handed out; no other handle or stream is taken.</summary>
internal sealed class GuardedFileStreamFactory(GuardedFileSystem fileSystem, FileActions actions) : IFileStreamFactory
{
    private const int BufferSize = 4096;

    public IFileSystem FileSystem => fileSystem;

    public FileSystemStream New(SafeFileHandle handle, FileAccess access) => actions.ToStream(handle, access);

    public FileSystemStream New(SafeFileHandle handle, FileAccess access, int bufferSize) => actions.ToStream(handle, access);

    public FileSystemStream New(SafeFileHandle handle, FileAccess access, int bufferSize, bool isAsync) =>
        actions.ToStream(handle, access);

    public FileSystemStream New(string path, FileMode mode) =>
        New(path, mode, OpenRequest.AccessFor(mode), FileShare.Read, BufferSize, FileOptions.None);

    public FileSystemStream New(string path, FileMode mode, FileAccess access) =>
        New(path, mode, access, FileShare.Read, BufferSize, FileOptions.None);

    public FileSystemStream New(string path, FileMode mode, FileAccess access, FileShare share) =>
        New(path, mode, access, share, BufferSize, FileOptions.None);

    public FileSystemStream New(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize) =>
        New(path, mode, access, share, bufferSize, FileOptions.None);

    public FileSystemStream New(
        string path, FileMode mode, FileAccess access, FileShare share, int bufferSize, bool useAsync) =>
        New(path, mode, access, share, bufferSize, useAsync ? FileOptions.Asynchronous : FileOptions.None);

    public FileSystemStream New(
        string path, FileMode mode, FileAccess access, FileShare share, int bufferSize, FileOptions options) =>
        actions.Open(path, new OpenRequest(mode, access, share, bufferSize, options));

    public FileSystemStream New(string path, FileStreamOptions options) => actions.Open(path, OpenRequest.From(options));

    public FileSystemStream Wrap(FileStream fileStream) =>
        throw actions.Refuse("FileStream", Permissions.FileReasons.ForeignObject);
}
