using System.IO.Abstractions;
using Microsoft.Win32.SafeHandles;

namespace LangGuard.Files;

/// <summary>Reads and writes at an offset, by a handle that this file system handed out.</summary>
internal sealed class GuardedRandomAccess(GuardedFileSystem fileSystem, FileActions actions) : IRandomAccess
{
    public IFileSystem FileSystem => fileSystem;

    public long GetLength(SafeFileHandle handle) => actions.Facts(handle).Length;

    public void SetLength(SafeFileHandle handle, long length) => actions.SetLength(handle, length);

    public void FlushToDisk(SafeFileHandle handle) => actions.FlushToDisk(handle);

    public int Read(SafeFileHandle handle, Span<byte> buffer, long fileOffset) => actions.ReadAt(handle, buffer, fileOffset);

    public long Read(SafeFileHandle handle, IReadOnlyList<Memory<byte>> buffers, long fileOffset)
    {
        ArgumentNullException.ThrowIfNull(buffers);
        long total = 0;
        foreach (Memory<byte> buffer in buffers)
        {
            int read = actions.ReadAt(handle, buffer.Span, fileOffset + total);
            total += read;
            if (read < buffer.Length)
            {
                break;
            }
        }

        return total;
    }

    public ValueTask<int> ReadAsync(
        SafeFileHandle handle, Memory<byte> buffer, long fileOffset, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<int>(cancellationToken)
            : ValueTask.FromResult(Read(handle, buffer.Span, fileOffset));

    public ValueTask<long> ReadAsync(
        SafeFileHandle handle,
        IReadOnlyList<Memory<byte>> buffers,
        long fileOffset,
        CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<long>(cancellationToken)
            : ValueTask.FromResult(Read(handle, buffers, fileOffset));

    public void Write(SafeFileHandle handle, ReadOnlySpan<byte> buffer, long fileOffset) =>
        actions.WriteAt(handle, buffer, fileOffset);

    public void Write(SafeFileHandle handle, IReadOnlyList<ReadOnlyMemory<byte>> buffers, long fileOffset)
    {
        ArgumentNullException.ThrowIfNull(buffers);
        foreach (ReadOnlyMemory<byte> buffer in buffers)
        {
            actions.WriteAt(handle, buffer.Span, fileOffset);
            fileOffset += buffer.Length;
        }
    }

    public ValueTask WriteAsync(
        SafeFileHandle handle, ReadOnlyMemory<byte> buffer, long fileOffset, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        Write(handle, buffer.Span, fileOffset);
        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(
        SafeFileHandle handle,
        IReadOnlyList<ReadOnlyMemory<byte>> buffers,
        long fileOffset,
        CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        Write(handle, buffers, fileOffset);
        return ValueTask.CompletedTask;
    }
}
