namespace LangGuard.Files;

/// <summary>Turns an outcome into the exception that the platform throws for it. Texts hold the agent's names only.</summary>
internal static class FileErrors
{
    /// <summary>What the platform says for a name that is taken.</summary>
    internal static readonly int Exists = OperatingSystem.IsWindows() ? unchecked((int)0x80070050) : 17;

    public static Exception For(FileStatus status, string name, bool parentIsMissing = false) => status switch
    {
        FileStatus.NotFound when parentIsMissing =>
            new DirectoryNotFoundException($"Could not find a part of the path '{name}'."),
        FileStatus.NotFound => new FileNotFoundException($"Could not find file '{name}'.", name),
        FileStatus.NotDirectory => new DirectoryNotFoundException($"Could not find a part of the path '{name}'."),
        FileStatus.IsDirectory or FileStatus.NoAccess =>
            new UnauthorizedAccessException($"Access to the path '{name}' is denied."),
        FileStatus.ReadOnlyMedium => new IOException($"The file system of '{name}' is read-only."),
        FileStatus.Exists => new IOException($"The file '{name}' already exists.", Exists),
        FileStatus.NotEmpty => new IOException($"Directory not empty : '{name}'."),
        FileStatus.TooManyLinks => new IOException($"Too many levels of symbolic links : '{name}'."),
        FileStatus.NameTooLong => new PathTooLongException($"The path '{name}' is too long, or a component of it is."),
        FileStatus.InUse =>
            new IOException($"The process cannot access the file '{name}' because it is being used by another process."),
        FileStatus.NoSpace => new IOException($"There is not enough space on the disk : '{name}'."),
        FileStatus.NotSupported => new NotSupportedException($"The file system of '{name}' does not support this."),
        FileStatus.TooManyOpen => new IOException("Too many open files."),
        FileStatus.CrossDevice => new IOException($"Source and destination must be on one volume : '{name}'."),
        FileStatus.Invalid => new IOException($"Invalid argument : '{name}'."),
        FileStatus.Busy => new IOException($"The resource is busy : '{name}'."),
        _ => new IOException($"The operation on '{name}' failed."),
    };

    /// <summary>The reason of a denial, where the outcome is one.</summary>
    public static Reason? ObstacleOf(FileStatus status) => status switch
    {
        FileStatus.Outside => Permissions.FileReasons.OutsideRoot,
        FileStatus.Special => Permissions.FileReasons.NotRegular,
        FileStatus.Unstable => Permissions.FileReasons.Unstable,
        FileStatus.OtherMount => Permissions.FileReasons.OtherMount,
        _ => null,
    };
}
