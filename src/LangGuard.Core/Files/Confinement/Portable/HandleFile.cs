#pragma warning disable RS0030 // Only the overloads that take an open handle are used here.
using Microsoft.Win32.SafeHandles;

namespace LangGuard.Files;

/// <summary>An opened object by the platform's own handle, for systems without calls of their own here.</summary>
internal sealed class HandleFile : ConfinedFile
{
    private readonly SafeFileHandle _handle;

    private HandleFile(SafeFileHandle handle, string name, in FileFacts facts)
    {
        _handle = handle;
        Name = name;
        Facts = facts;
    }

    public override FileFacts Facts { get; }

    public override string Name { get; }

    public static FileStatus Adopt(SafeFileHandle handle, string name, out ConfinedFile? file)
    {
        file = null;
        FileFacts facts = default;
        FileStatus status = PlatformHandles.IsOnDisk(handle) ? Do(() => facts = Describe(handle)) : FileStatus.Special;
        if (status == FileStatus.Ok)
        {
            file = new HandleFile(handle, name, facts);
        }
        else
        {
            handle.Dispose();
        }

        return status;
    }

    public override FileStatus Refresh(out FileFacts facts)
    {
        FileFacts found = default;
        FileStatus status = Do(() => found = Describe(_handle));
        facts = found;
        return status;
    }

    // The platform's own open has taken what the handle allows; there is nothing to take afterwards.
    public override FileStatus Lock(FileShare share, FileAccess access) => FileStatus.Ok;

    public override FileStatus Read(Span<byte> buffer, long offset, out int read)
    {
        try
        {
            read = RandomAccess.Read(_handle, buffer, offset);
            return FileStatus.Ok;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            read = 0;
            return FileStatus.Failed;
        }
    }

    public override FileStatus Write(ReadOnlySpan<byte> buffer, long offset)
    {
        try
        {
            RandomAccess.Write(_handle, buffer, offset);
            return FileStatus.Ok;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return FileStatus.Failed;
        }
    }

    public override FileStatus SetLength(long length) => Do(() => RandomAccess.SetLength(_handle, length));

    public override FileStatus Flush(bool toDisk) => toDisk ? Do(() => RandomAccess.FlushToDisk(_handle)) : FileStatus.Ok;

    public override FileStatus SetMode(UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            return FileStatus.NotSupported;
        }

        try
        {
            File.SetUnixFileMode(_handle, mode);
            return FileStatus.Ok;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return FileStatus.NoAccess;
        }
    }

    public override FileStatus SetTimes(long? accessTicks, long? writeTicks) => Do(() =>
    {
        if (accessTicks is { } access)
        {
            File.SetLastAccessTimeUtc(_handle, new DateTime(access, DateTimeKind.Utc));
        }

        if (writeTicks is { } write)
        {
            File.SetLastWriteTimeUtc(_handle, new DateTime(write, DateTimeKind.Utc));
        }
    });

    public override FileStatus Preallocate(long length) => FileStatus.Ok;

    public override Stream ToStream(FileAccess access, int bufferSize, bool isAsync) =>
        new FileStream(_handle, access, bufferSize, _handle.IsAsync);

    public override void Dispose() => _handle.Dispose();

    private static FileFacts Describe(SafeFileHandle handle)
    {
        FileAttributes attributes = File.GetAttributes(handle);
        bool isDirectory = (attributes & FileAttributes.Directory) != 0;
        return new FileFacts
        {
            Kind = isDirectory ? FileKind.Directory : FileKind.File,

            // Throws for what can not be positioned in: a pipe or a device.
            Length = isDirectory ? 0 : RandomAccess.GetLength(handle),
            Links = 1,
            Attributes = attributes,
            Mode = OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(handle),
            LastWriteTicks = File.GetLastWriteTimeUtc(handle).Ticks,
            LastAccessTicks = File.GetLastAccessTimeUtc(handle).Ticks,
            ChangeTicks = File.GetCreationTimeUtc(handle).Ticks,
        };
    }

    private static FileStatus Do(Action act)
    {
        try
        {
            act();
            return FileStatus.Ok;
        }
        catch (NotSupportedException)
        {
            return FileStatus.Special;
        }
        catch (UnauthorizedAccessException)
        {
            return FileStatus.NoAccess;
        }
        catch (IOException)
        {
            return FileStatus.Failed;
        }
    }
}
