namespace LangGuard.Files;

/// <summary>A plain, unbuffered stream over an open object, for handles that are turned into streams.</summary>
internal sealed class ConfinedStream(ConfinedFile file, FileAccess access, Action onClose) : Stream
{
    private long _position;
    private bool _isClosed;

    public override bool CanRead => !_isClosed && (access & FileAccess.Read) != 0;

    public override bool CanSeek => !_isClosed;

    public override bool CanWrite => !_isClosed && (access & FileAccess.Write) != 0;

    public override long Length =>
        file.Refresh(out FileFacts facts) == FileStatus.Ok ? facts.Length : throw new IOException("The file can not be read.");

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (!CanRead)
        {
            throw new NotSupportedException("Stream does not support reading.");
        }

        FileStatus status = file.Read(buffer, _position, out int read);
        if (status != FileStatus.Ok)
        {
            throw FileErrors.For(status, "?");
        }

        _position += read;
        return read;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        FileStatus status = file.Write(buffer, _position);
        if (status != FileStatus.Ok)
        {
            throw FileErrors.For(status, "?");
        }

        _position += buffer.Length;
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        long start = origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            SeekOrigin.End => Length,
            _ => throw new ArgumentOutOfRangeException(nameof(origin)),
        };
        long target = checked(start + offset);
        return target >= 0 ? _position = target : throw new IOException("An attempt was made to move before the start of the file.");
    }

    public override void SetLength(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        FileStatus status = file.SetLength(value);
        if (status != FileStatus.Ok)
        {
            throw FileErrors.For(status, "?");
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isClosed)
        {
            _isClosed = true;
            onClose();
        }

        base.Dispose(disposing);
    }
}
