using System.IO.Abstractions;

namespace LangGuard.Files;

/// <summary>
/// Every member of <see cref="IPath"/>. What only looks at text is the platform's; what depends on a current directory, the
/// temporary directory or the disk is the session's. Split by that.
/// </summary>
internal sealed partial class GuardedPath(GuardedFileSystem fileSystem, FileActions actions) : IPath
{
    public IFileSystem FileSystem => fileSystem;

    public bool Exists(string? path)
    {
        FileKind kind = actions.KindOf(path);
        return path is { Length: > 0 } && PathParser.IsSeparator(path[^1]) ? kind == FileKind.Directory : kind != FileKind.Missing;
    }

    public string GetFullPath(string path) => actions.FullPath(path);

    public string GetFullPath(string path, string basePath) => actions.FullPath(path, basePath);

    public string GetRelativePath(string relativeTo, string path) =>
        Path.GetRelativePath(actions.FullPath(relativeTo), actions.FullPath(path));

    public string GetTempPath() => actions.TemporaryDirectory();

    public string GetTempFileName() => actions.CreateTemporaryFile();
}
