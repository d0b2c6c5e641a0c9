using System.IO.Abstractions;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LangGuard.Files;

/// <summary>Streams, readers, writers and handles.</summary>
internal sealed partial class GuardedFile
{
    public FileSystemStream Create(string path) => Create(path, 4096);

    public FileSystemStream Create(string path, int bufferSize) => Create(path, bufferSize, FileOptions.None);

    public FileSystemStream Create(string path, int bufferSize, FileOptions options) =>
        actions.Open(path, new OpenRequest(FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize, options));

    public FileSystemStream Open(string path, FileMode mode) => Open(path, mode, OpenRequest.AccessFor(mode), FileShare.None);

    public FileSystemStream Open(string path, FileMode mode, FileAccess access) => Open(path, mode, access, FileShare.None);

    public FileSystemStream Open(string path, FileMode mode, FileAccess access, FileShare share) =>
        actions.Open(path, new OpenRequest(mode, access, share));

    public FileSystemStream Open(string path, FileStreamOptions options) => actions.Open(path, OpenRequest.From(options));

    public FileSystemStream OpenRead(string path) => Open(path, FileMode.Open, FileAccess.Read, FileShare.Read);

    public FileSystemStream OpenWrite(string path) => Open(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);

    public StreamReader OpenText(string path) => new(OpenRead(path));

    public StreamWriter CreateText(string path) =>
        new(Open(path, FileMode.Create, FileAccess.Write, FileShare.Read), PlainText.Encoding);

    public StreamWriter AppendText(string path) =>
        new(Open(path, FileMode.Append, FileAccess.Write, FileShare.Read), PlainText.Encoding);

    public SafeFileHandle OpenHandle(
        string path,
        FileMode mode = FileMode.Open,
        FileAccess access = FileAccess.Read,
        FileShare share = FileShare.Read,
        FileOptions options = FileOptions.None,
        long preallocationSize = 0) =>
        actions.OpenHandle(path, new OpenRequest(mode, access, share, 0, options, preallocationSize));
}
