using System.IO.Abstractions;

namespace LangGuard.Files;

/// <summary>Every member of <see cref="IFile"/>, guarded. Split by what the members do.</summary>
internal sealed partial class GuardedFile(GuardedFileSystem fileSystem, FileActions actions) : IFile
{
    public IFileSystem FileSystem => fileSystem;

    public bool Exists(string? path) =>
        path is not null && !PathEndsInSeparator(path) && actions.KindOf(path) is FileKind.File or FileKind.Special;

    public void Delete(string path) => actions.DeleteFile(path);

    public void Copy(string sourceFileName, string destFileName) => Copy(sourceFileName, destFileName, overwrite: false);

    public void Copy(string sourceFileName, string destFileName, bool overwrite) =>
        actions.Copy(sourceFileName, destFileName, overwrite);

    public void Move(string sourceFileName, string destFileName) => Move(sourceFileName, destFileName, overwrite: false);

    public void Move(string sourceFileName, string destFileName, bool overwrite) =>
        actions.Move(sourceFileName, destFileName, overwrite, directory: false);

    public void Replace(string sourceFileName, string destinationFileName, string? destinationBackupFileName) =>
        Replace(sourceFileName, destinationFileName, destinationBackupFileName, ignoreMetadataErrors: false);

    public void Replace(
        string sourceFileName, string destinationFileName, string? destinationBackupFileName, bool ignoreMetadataErrors) =>
        actions.Replace(sourceFileName, destinationFileName, destinationBackupFileName);

    public IFileSystemInfo CreateSymbolicLink(string path, string pathToTarget)
    {
        actions.CreateLink(path, pathToTarget);
        return new GuardedFileInfo(fileSystem, actions, path);
    }

    public IFileSystemInfo? ResolveLinkTarget(string linkPath, bool returnFinalTarget) =>
        GuardedFileSystemInfo.Follow(fileSystem, actions, linkPath, returnFinalTarget);

    public void Encrypt(string path) => throw actions.Refuse(path, Permissions.FileReasons.Refused);

    public void Decrypt(string path) => throw actions.Refuse(path, Permissions.FileReasons.Refused);

    private static bool PathEndsInSeparator(string path) => path.Length > 0 && PathParser.IsSeparator(path[^1]);
}
