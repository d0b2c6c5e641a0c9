namespace LangGuard.Files;

/// <summary>Times of directories.</summary>
internal sealed partial class GuardedDirectory
{
    public DateTime GetCreationTime(string path) => actions.Time(path, FileTime.Creation).ToLocalTime();

    public void SetCreationTime(string path, DateTime creationTime) =>
        actions.SetTime(path, FileTime.Creation, creationTime);

    public DateTime GetCreationTimeUtc(string path) => actions.Time(path, FileTime.Creation);

    public void SetCreationTimeUtc(string path, DateTime creationTimeUtc) =>
        actions.SetTime(path, FileTime.Creation, AsUtc(creationTimeUtc));

    public DateTime GetLastAccessTime(string path) => actions.Time(path, FileTime.Access).ToLocalTime();

    public void SetLastAccessTime(string path, DateTime lastAccessTime) =>
        actions.SetTime(path, FileTime.Access, lastAccessTime);

    public DateTime GetLastAccessTimeUtc(string path) => actions.Time(path, FileTime.Access);

    public void SetLastAccessTimeUtc(string path, DateTime lastAccessTimeUtc) =>
        actions.SetTime(path, FileTime.Access, AsUtc(lastAccessTimeUtc));

    public DateTime GetLastWriteTime(string path) => actions.Time(path, FileTime.Write).ToLocalTime();

    public void SetLastWriteTime(string path, DateTime lastWriteTime) =>
        actions.SetTime(path, FileTime.Write, lastWriteTime);

    public DateTime GetLastWriteTimeUtc(string path) => actions.Time(path, FileTime.Write);

    public void SetLastWriteTimeUtc(string path, DateTime lastWriteTimeUtc) =>
        actions.SetTime(path, FileTime.Write, AsUtc(lastWriteTimeUtc));

    private static DateTime AsUtc(DateTime time) =>
        time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time.ToUniversalTime();
}
