using System.IO.Abstractions;

namespace LangGuard.Files;

/// <summary>A file by name.</summary>
internal sealed class GuardedFileInfo(GuardedFileSystem fileSystem, FileActions actions, string path)
    : GuardedFileSystemInfo(fileSystem, actions, path), IFileInfo
{
    public override string Name => Path.GetFileName(FullName);

    public override bool Exists => Guarded.File.Exists(FullName);

    public IDirectoryInfo? Directory =>
        DirectoryName is { } parent ? new GuardedDirectoryInfo(Guarded, Actions, parent) : null;

    public string? DirectoryName => Actions.ParentOfFull(FullName);

    public bool IsReadOnly
    {
        get => FileActions.IsReadOnly(Actions.Facts(FullName));
        set => Actions.SetAttributes(FullName, value ? FileAttributes.ReadOnly : FileAttributes.Normal);
    }

    public long Length
    {
        get
        {
            FileFacts facts = Actions.Facts(FullName);
            return facts.Kind == FileKind.File ? facts.Length : throw FileErrors.For(FileStatus.NotFound, FullName);
        }
    }

    public override void Delete() => Guarded.File.Delete(FullName);

    public StreamWriter AppendText() => Guarded.File.AppendText(FullName);

    public IFileInfo CopyTo(string destFileName) => CopyTo(destFileName, overwrite: false);

    public IFileInfo CopyTo(string destFileName, bool overwrite)
    {
        Guarded.File.Copy(FullName, destFileName, overwrite);
        return new GuardedFileInfo(Guarded, Actions, destFileName);
    }

    public FileSystemStream Create() => Guarded.File.Create(FullName);

    public StreamWriter CreateText() => Guarded.File.CreateText(FullName);

    public void Decrypt() => throw Actions.Refuse(FullName, Permissions.FileReasons.Refused);

    public void Encrypt() => throw Actions.Refuse(FullName, Permissions.FileReasons.Refused);

    public void MoveTo(string destFileName) => MoveTo(destFileName, overwrite: false);

    public void MoveTo(string destFileName, bool overwrite)
    {
        string target = Actions.FullPath(destFileName);
        Guarded.File.Move(FullName, target, overwrite);
        FullName = target;
        OriginalPath = destFileName;
    }

    public FileSystemStream Open(FileMode mode) => Guarded.File.Open(FullName, mode);

    public FileSystemStream Open(FileMode mode, FileAccess access) => Guarded.File.Open(FullName, mode, access);

    public FileSystemStream Open(FileMode mode, FileAccess access, FileShare share) =>
        Guarded.File.Open(FullName, mode, access, share);

    public FileSystemStream Open(FileStreamOptions options) => Guarded.File.Open(FullName, options);

    public FileSystemStream OpenRead() => Guarded.File.OpenRead(FullName);

    public StreamReader OpenText() => Guarded.File.OpenText(FullName);

    public FileSystemStream OpenWrite() => Guarded.File.OpenWrite(FullName);

    public IFileInfo Replace(string destinationFileName, string? destinationBackupFileName) =>
        Replace(destinationFileName, destinationBackupFileName, ignoreMetadataErrors: false);

    public IFileInfo Replace(string destinationFileName, string? destinationBackupFileName, bool ignoreMetadataErrors)
    {
        Guarded.File.Replace(FullName, destinationFileName, destinationBackupFileName, ignoreMetadataErrors);
        return new GuardedFileInfo(Guarded, Actions, destinationFileName);
    }
}
