namespace LangGuard.Files;

/// <summary>What the portable backend asks of a file system that knows names only. Every name is complete and resolved.</summary>
internal abstract class PathFiles
{
    public abstract FileConfinement Grade { get; }

    public abstract char Separator { get; }

    /// <summary>The text of a link, or null when the name is no link or does not exist.</summary>
    public abstract string? ReadLink(string path);

    /// <summary>Facts of the name itself, never of a link's target.</summary>
    public abstract FileStatus Stat(string path, out FileFacts facts);

    /// <summary>Opens without effect. The true name is told where the platform knows it.</summary>
    public abstract FileStatus Open(string path, string name, FileAim aim, out ConfinedFile? file, out string? truePath);

    public abstract FileStatus CreateFile(
        string path, string name, FileAim aim, UnixFileMode mode, out ConfinedFile? file, out string? truePath);

    public abstract FileStatus CreateDirectory(string path, UnixFileMode mode);

    public abstract FileStatus RemoveFile(string path);

    public abstract FileStatus RemoveDirectory(string path);

    public abstract FileStatus Rename(string path, string target, RenameMode mode);

    public abstract FileStatus CreateLink(string path, string target, bool isDirectory);

    public abstract FileStatus ReadEntries(string path, List<DirectoryEntry> entries, int limit);

    protected static FileStatus Try(Action act)
    {
        try
        {
            act();
            return FileStatus.Ok;
        }
        catch (Exception exception) when (ToStatus(exception) is not null)
        {
            return ToStatus(exception)!.Value;
        }
    }

    protected static FileStatus? ToStatus(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException or DriveNotFoundException => FileStatus.NotFound,
        PathTooLongException => FileStatus.NameTooLong,
        UnauthorizedAccessException => FileStatus.NoAccess,
        NotSupportedException => FileStatus.NotSupported,
        ArgumentException => FileStatus.Invalid,
        IOException io => (io.HResult & 0xFFFF) switch
        {
            // Windows error codes; on Unix HResult is the error number itself.
            32 or 33 when OperatingSystem.IsWindows() => FileStatus.InUse,
            80 or 183 when OperatingSystem.IsWindows() => FileStatus.Exists,
            145 when OperatingSystem.IsWindows() => FileStatus.NotEmpty,
            112 or 39 when OperatingSystem.IsWindows() => FileStatus.NoSpace,
            11 or 35 when !OperatingSystem.IsWindows() => FileStatus.InUse,
            17 when !OperatingSystem.IsWindows() => FileStatus.Exists,
            20 when !OperatingSystem.IsWindows() => FileStatus.NotDirectory,
            39 or 66 when !OperatingSystem.IsWindows() => FileStatus.NotEmpty,
            28 when !OperatingSystem.IsWindows() => FileStatus.NoSpace,
            _ => FileStatus.Failed,
        },
        System.Security.SecurityException => FileStatus.NoAccess,
        _ => null,
    };
}
