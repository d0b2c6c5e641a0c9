using System.Diagnostics;
using System.IO.Abstractions;
using LangGuard.Permissions;

namespace LangGuard.Files;

/// <summary>Version resources and change events.</summary>
internal sealed partial class FileActions
{
    public IFileVersionInfo VersionInfo(string path)
    {
        using AcquiredFile found = AcquireContent(path, FileMode.Open, FileAccess.Read);
        using Permit permit = _session.Authorize(found.Operation);
        ThrowIfFailed(found);
        ThrowIf(MeterOf(found.Root).ReserveRead(found.Facts.Length, GrantOf(permit).Limits), found.Operation);
        permit.BeginResult();

        // The platform wants a name. Where a handle has one, it is the handle's, so that the very file is read.
        string? name = found.File is LinuxFile linux
            ? $"/proc/self/fd/{linux.Descriptor.ToString(System.Globalization.CultureInfo.InvariantCulture)}"
            : null;
        if (name is null)
        {
            throw new PlatformNotSupportedException("Version information is read on Linux only.");
        }

        FileVersionInfo snapshot = FileVersionInfo.GetVersionInfo(name);
        permit.Complete(OperationOutcome.Success(bytesIn: found.Facts.Length));
        return new GuardedFileVersionInfo(snapshot, found.Root.Display(found.Name));
    }

    /// <summary>Starts to watch a directory; the caller disposes of what it gets.</summary>
    public WatchedDirectory Watch(string path)
    {
        ParsedPath parsed = Parse(path);
        FileRoot root = parsed.Root!;
        FileStatus status = root.Confined.OpenDirectory(parsed.Name, out ConfinedDirectory? directory);
        using (directory)
        {
            using AcquiredFile found = FoundDirectory(parsed, directory, status);
            using Permit permit = _session.Authorize(found.Operation);
            if (directory is null || found.Status != FileStatus.Ok)
            {
                throw new ArgumentException($"The directory name '{found.Display}' does not exist.", nameof(path));
            }

            string hostPath = root.Confined.HostPathOf(directory.Name)
                ?? throw new PlatformNotSupportedException("The file system of this root raises no events.");
            permit.Complete(OperationOutcome.Success());
            return new WatchedDirectory(root, directory.Name, hostPath, directory.Identity, GrantOf(permit).Limits.EventsPerSecond);
        }
    }

    /// <summary>Whether an event about a name may be passed on.</summary>
    public bool MayObserve(WatchedDirectory watched, string name) =>
        !_session.HasEnded && MayList(watched.Root, name)
        && watched.Root.Confined.OpenDirectory(watched.Name, out ConfinedDirectory? directory) == FileStatus.Ok
        && IsSameDirectory(directory!, watched.Identity);

    public TimeProvider Clock => _session.Tree.TimeProvider;

    private static bool IsSameDirectory(ConfinedDirectory directory, FileIdentity identity)
    {
        using (directory)
        {
            return !identity.IsKnown || directory.Identity == identity;
        }
    }
}
