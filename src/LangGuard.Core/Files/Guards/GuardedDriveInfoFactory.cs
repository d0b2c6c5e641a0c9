using System.IO.Abstractions;

namespace LangGuard.Files;

internal sealed class GuardedDriveInfoFactory(GuardedFileSystem fileSystem, FileActions actions) : IDriveInfoFactory
{
    public IFileSystem FileSystem => fileSystem;

    public IDriveInfo[] GetDrives() => [.. fileSystem.Roots.Select(New)];

    public IDriveInfo New(string driveName)
    {
        string root = actions.RootOf(driveName);
        return new GuardedDriveInfo(fileSystem, actions, root);
    }

    public IDriveInfo? Wrap(DriveInfo? driveInfo) =>
        driveInfo is null ? null : throw actions.Refuse("DriveInfo", Permissions.FileReasons.ForeignObject);
}
