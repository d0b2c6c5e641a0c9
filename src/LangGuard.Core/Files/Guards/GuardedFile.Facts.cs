using Microsoft.Win32.SafeHandles;

namespace LangGuard.Files;

/// <summary>Attributes, times and modes, by name and by a handle that this file system handed out.</summary>
internal sealed partial class GuardedFile
{
    public FileAttributes GetAttributes(string path) => actions.Attributes(path);

    public FileAttributes GetAttributes(SafeFileHandle fileHandle) => actions.Attributes(fileHandle);

    public void SetAttributes(string path, FileAttributes fileAttributes) => actions.SetAttributes(path, fileAttributes);

    public void SetAttributes(SafeFileHandle fileHandle, FileAttributes fileAttributes) =>
        actions.SetAttributes(fileHandle, fileAttributes);

    public UnixFileMode GetUnixFileMode(string path) => actions.Facts(path).Mode;

    public UnixFileMode GetUnixFileMode(SafeFileHandle fileHandle) => actions.Facts(fileHandle).Mode;

    public void SetUnixFileMode(string path, UnixFileMode mode) => actions.SetMode(path, mode);

    public void SetUnixFileMode(SafeFileHandle fileHandle, UnixFileMode mode) => actions.SetMode(fileHandle, mode);

    public DateTime GetCreationTime(string path) => actions.Time(path, FileTime.Creation).ToLocalTime();

    public DateTime GetCreationTime(SafeFileHandle fileHandle) => actions.Time(fileHandle, FileTime.Creation).ToLocalTime();

    public void SetCreationTime(string path, DateTime creationTime) =>
        actions.SetTime(path, FileTime.Creation, creationTime);

    public void SetCreationTime(SafeFileHandle fileHandle, DateTime creationTime) =>
        actions.SetTime(fileHandle, FileTime.Creation, creationTime);

    public DateTime GetCreationTimeUtc(string path) => actions.Time(path, FileTime.Creation);

    public DateTime GetCreationTimeUtc(SafeFileHandle fileHandle) => actions.Time(fileHandle, FileTime.Creation);

    public void SetCreationTimeUtc(string path, DateTime creationTimeUtc) =>
        actions.SetTime(path, FileTime.Creation, AsUtc(creationTimeUtc));

    public void SetCreationTimeUtc(SafeFileHandle fileHandle, DateTime creationTimeUtc) =>
        actions.SetTime(fileHandle, FileTime.Creation, AsUtc(creationTimeUtc));

    public DateTime GetLastAccessTime(string path) => actions.Time(path, FileTime.Access).ToLocalTime();

    public DateTime GetLastAccessTime(SafeFileHandle fileHandle) => actions.Time(fileHandle, FileTime.Access).ToLocalTime();

    public void SetLastAccessTime(string path, DateTime lastAccessTime) =>
        actions.SetTime(path, FileTime.Access, lastAccessTime);

    public void SetLastAccessTime(SafeFileHandle fileHandle, DateTime lastAccessTime) =>
        actions.SetTime(fileHandle, FileTime.Access, lastAccessTime);

    public DateTime GetLastAccessTimeUtc(string path) => actions.Time(path, FileTime.Access);

    public DateTime GetLastAccessTimeUtc(SafeFileHandle fileHandle) => actions.Time(fileHandle, FileTime.Access);

    public void SetLastAccessTimeUtc(string path, DateTime lastAccessTimeUtc) =>
        actions.SetTime(path, FileTime.Access, AsUtc(lastAccessTimeUtc));

    public void SetLastAccessTimeUtc(SafeFileHandle fileHandle, DateTime lastAccessTimeUtc) =>
        actions.SetTime(fileHandle, FileTime.Access, AsUtc(lastAccessTimeUtc));

    public DateTime GetLastWriteTime(string path) => actions.Time(path, FileTime.Write).ToLocalTime();

    public DateTime GetLastWriteTime(SafeFileHandle fileHandle) => actions.Time(fileHandle, FileTime.Write).ToLocalTime();

    public void SetLastWriteTime(string path, DateTime lastWriteTime) =>
        actions.SetTime(path, FileTime.Write, lastWriteTime);

    public void SetLastWriteTime(SafeFileHandle fileHandle, DateTime lastWriteTime) =>
        actions.SetTime(fileHandle, FileTime.Write, lastWriteTime);

    public DateTime GetLastWriteTimeUtc(string path) => actions.Time(path, FileTime.Write);

    public DateTime GetLastWriteTimeUtc(SafeFileHandle fileHandle) => actions.Time(fileHandle, FileTime.Write);

    public void SetLastWriteTimeUtc(string path, DateTime lastWriteTimeUtc) =>
        actions.SetTime(path, FileTime.Write, AsUtc(lastWriteTimeUtc));

    public void SetLastWriteTimeUtc(SafeFileHandle fileHandle, DateTime lastWriteTimeUtc) =>
        actions.SetTime(fileHandle, FileTime.Write, AsUtc(lastWriteTimeUtc));

    private static DateTime AsUtc(DateTime time) =>
        time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time.ToUniversalTime();
}
