using System.IO.Abstractions;

namespace LangGuard.Files;

/// <summary>A root shown as a drive. Its size is what the session may write; nothing is told about the host's disks.</summary>
internal sealed class GuardedDriveInfo(GuardedFileSystem fileSystem, FileActions actions, string root) : IDriveInfo
{
    public IFileSystem FileSystem => fileSystem;

    public string Name => root;

    public IDirectoryInfo RootDirectory => new GuardedDirectoryInfo(fileSystem, actions, root);

    public bool IsReady => fileSystem.Directory.Exists(root);

    public DriveType DriveType => DriveType.Fixed;

    public string DriveFormat => "guarded";

    public long AvailableFreeSpace => actions.RemainingWrite(root);

    public long TotalFreeSpace => actions.RemainingWrite(root);

    public long TotalSize => actions.SessionWrite(root);

    [System.Diagnostics.CodeAnalysis.AllowNull]
    public string VolumeLabel
    {
        get => root.TrimStart('/');
        set => throw actions.Refuse("VolumeLabel", Permissions.FileReasons.Refused);
    }

    public override string ToString() => root;
}
