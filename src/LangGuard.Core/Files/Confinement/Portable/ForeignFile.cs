using System.IO.Abstractions;

namespace LangGuard.Files;

/// <summary>An opened file of another file system object.</summary>
internal sealed class ForeignFile(IFileSystem fileSystem, string path, string name, FileFacts facts, FileSystemStream? stream)
    : ConfinedFile
{
    public override FileFacts Facts => facts;

    public override string Name => name;

    public override FileStatus Refresh(out FileFacts now)
    {
        now = stream is null ? facts : facts with { Length = stream.Length };
        return FileStatus.Ok;
    }

    public override FileStatus Lock(FileShare share, FileAccess access) => FileStatus.Ok;

    public override FileStatus Read(Span<byte> buffer, long offset, out int read)
    {
        read = 0;
        if (stream is null)
        {
            return FileStatus.IsDirectory;
        }

        stream.Position = offset;
        read = stream.Read(buffer);
        return FileStatus.Ok;
    }

    public override FileStatus Write(ReadOnlySpan<byte> buffer, long offset)
    {
        if (stream is null)
        {
            return FileStatus.IsDirectory;
        }

        stream.Position = offset;
        stream.Write(buffer);
        return FileStatus.Ok;
    }

    public override FileStatus SetLength(long length)
    {
        stream?.SetLength(length);
        return stream is null ? FileStatus.IsDirectory : FileStatus.Ok;
    }

    public override FileStatus Flush(bool toDisk)
    {
        stream?.Flush();
        return FileStatus.Ok;
    }

    public override FileStatus SetMode(UnixFileMode mode) => FileStatus.NotSupported;

    public override FileStatus SetTimes(long? accessTicks, long? writeTicks)
    {
        if (accessTicks is { } access)
        {
            fileSystem.File.SetLastAccessTimeUtc(path, new DateTime(access, DateTimeKind.Utc));
        }

        if (writeTicks is { } write)
        {
            fileSystem.File.SetLastWriteTimeUtc(path, new DateTime(write, DateTimeKind.Utc));
        }

        return FileStatus.Ok;
    }

    public override FileStatus Preallocate(long length) => FileStatus.Ok;

    public override Stream ToStream(FileAccess access, int bufferSize, bool isAsync) =>
        stream ?? throw new UnauthorizedAccessException("A directory has no content.");

    public override void Dispose() => stream?.Dispose();
}
