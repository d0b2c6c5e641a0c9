namespace LangGuard.Files;

/// <summary>An opened object: what was decided on is what is read and written.</summary>
internal abstract class ConfinedFile : IDisposable
{
    public abstract FileFacts Facts { get; }

    /// <summary>The resolved name relative to the root.</summary>
    public abstract string Name { get; }

    /// <summary>Facts as they are now, for instance the length after a lock was taken.</summary>
    public abstract FileStatus Refresh(out FileFacts facts);

    /// <summary>Takes the advisory lock that a <see cref="FileShare"/> stands for on this platform.</summary>
    public abstract FileStatus Lock(FileShare share, FileAccess access);

    public abstract FileStatus Read(Span<byte> buffer, long offset, out int read);

    public abstract FileStatus Write(ReadOnlySpan<byte> buffer, long offset);

    public abstract FileStatus SetLength(long length);

    public abstract FileStatus Flush(bool toDisk);

    public abstract FileStatus SetMode(UnixFileMode mode);

    /// <summary>Sets the times that are not null, in UTC ticks.</summary>
    public abstract FileStatus SetTimes(long? accessTicks, long? writeTicks);

    public abstract FileStatus Preallocate(long length);

    /// <summary>Hands the object over to a platform stream, which then owns it.</summary>
    public abstract Stream ToStream(FileAccess access, int bufferSize, bool isAsync);

    public abstract void Dispose();
}
