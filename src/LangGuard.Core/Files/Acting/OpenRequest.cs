namespace LangGuard.Files;

/// <summary>How a file is to be opened, checked as the platform checks it.</summary>
internal readonly record struct OpenRequest(
    FileMode Mode,
    FileAccess Access,
    FileShare Share = FileShare.Read,
    int BufferSize = 4096,
    FileOptions Options = FileOptions.None,
    long PreallocationSize = 0,
    UnixFileMode? CreateMode = null)
{
    public bool IsAsync => (Options & FileOptions.Asynchronous) != 0;

    public bool DeletesOnClose => (Options & FileOptions.DeleteOnClose) != 0;

    public static OpenRequest From(FileStreamOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        UnixFileMode? mode = OperatingSystem.IsWindows() ? null : options.UnixCreateMode;
        return new OpenRequest(
            options.Mode, options.Access, options.Share, options.BufferSize, options.Options, options.PreallocationSize, mode);
    }

    /// <summary>The access that a mode has when none is given.</summary>
    public static FileAccess AccessFor(FileMode mode) => mode == FileMode.Append ? FileAccess.Write : FileAccess.ReadWrite;

    public void Validate()
    {
        if (Mode is < FileMode.CreateNew or > FileMode.Append)
        {
            throw new ArgumentOutOfRangeException("mode", "Enum value was out of legal range.");
        }

        if (Access is < FileAccess.Read or > FileAccess.ReadWrite)
        {
            throw new ArgumentOutOfRangeException("access", "Enum value was out of legal range.");
        }

        if ((Share & ~FileShare.Inheritable) is < FileShare.None or > (FileShare.ReadWrite | FileShare.Delete))
        {
            throw new ArgumentOutOfRangeException("share", "Enum value was out of legal range.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(BufferSize);
        ArgumentOutOfRangeException.ThrowIfNegative(PreallocationSize);
        if ((Access & FileAccess.Write) == 0 && Mode is FileMode.Truncate or FileMode.CreateNew or FileMode.Create or FileMode.Append)
        {
            throw new ArgumentException($"Combining FileMode: {Mode} with FileAccess: {Access} is invalid.", "access");
        }

        if ((Access & FileAccess.Read) != 0 && Mode == FileMode.Append)
        {
            throw new ArgumentException("Append access can be requested only in write-only mode.", "access");
        }

        if ((Options & FileOptions.Encrypted) != 0)
        {
            throw new NotSupportedException("Encrypted files are not supported.");
        }
    }
}
