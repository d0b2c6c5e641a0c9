using LangGuard.Permissions;

namespace LangGuard.Files;

/// <summary>
/// The stream that is handed out: the platform's own over the handle that was decided on, with every byte metered and every
/// growth limited before it happens. Closing it completes the permit.
/// </summary>
internal sealed class GuardedStream : Stream
{
    private readonly Stream _inner;
    private readonly StreamLease _lease;
    private readonly long _appendStart;
    private bool _isDisposed;

    /// <param name="inner">The platform's stream, owned.</param>
    /// <param name="lease">Limits and permit, owned.</param>
    /// <param name="appendStart">Where an appending stream starts, or -1.</param>
    public GuardedStream(Stream inner, StreamLease lease, long appendStart)
    {
        _inner = inner;
        _lease = lease;
        _appendStart = appendStart;
        if (appendStart >= 0)
        {
            _inner.Seek(0, SeekOrigin.End);
        }
    }

    public override bool CanRead => _inner.CanRead;

    public override bool CanSeek => _inner.CanSeek;

    public override bool CanWrite => _inner.CanWrite;

    public override long Length => _inner.Length;

    public override long Position
    {
        get => _inner.Position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override void Flush()
    {
        _inner.Flush();
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override int Read(Span<byte> buffer)
    {
        int reserved = _lease.BeforeRead(buffer.Length, _inner.CanRead ? _inner.Length - _inner.Position : 0);
        int read = 0;
        try
        {
            return read = _inner.Read(buffer[..Clip(buffer.Length, reserved)]);
        }
        finally
        {
            _lease.AfterRead(reserved, read);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int reserved = _lease.BeforeRead(buffer.Length, _inner.CanRead ? _inner.Length - _inner.Position : 0);
        int read = 0;
        try
        {
            return read = await _inner.ReadAsync(buffer[..Clip(buffer.Length, reserved)], cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _lease.AfterRead(reserved, read);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        RefuseUnlessWritable();
        _lease.BeforeWrite(buffer, _inner.Position, _inner.Length);
        _inner.Write(buffer);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        RefuseUnlessWritable();
        cancellationToken.ThrowIfCancellationRequested();
        _lease.BeforeWrite(buffer.Span, _inner.Position, _inner.Length);
        await _inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override void WriteByte(byte value) => Write([value]);

    public override long Seek(long offset, SeekOrigin origin)
    {
        long before = _inner.Position;
        long position = _inner.Seek(offset, origin);
        if (position < _appendStart)
        {
            _inner.Seek(before, SeekOrigin.Begin);
            throw new IOException("Unable seek backward to overwrite data that previously existed in a file opened in Append mode.");
        }

        return position;
    }

    public override void SetLength(long value)
    {
        if (CanWrite && CanSeek && value >= 0)
        {
            if (value < _appendStart)
            {
                throw new IOException("Unable to truncate data that previously existed in a file opened in Append mode.");
            }

            _lease.BeforeSetLength(value, _inner.Length);
        }

        _inner.SetLength(value);
    }

    public override async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            try
            {
                await _inner.DisposeAsync().ConfigureAwait(false);
                _lease.Complete();
            }
            finally
            {
                _lease.Dispose();
            }
        }

        // Disposes a second time, which does nothing.
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            try
            {
                _inner.Dispose();
                _lease.Complete();
            }
            finally
            {
                _lease.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    internal void FlushToDisk()
    {
        if (_inner is FileStream file)
        {
            file.Flush(flushToDisk: true);
        }
        else
        {
            _inner.Flush();
        }
    }

    // A file that grows while it is read does not get past what was reserved. An empty read asks the stream itself.
    private static int Clip(int wanted, int reserved) => Math.Min(wanted, Math.Max(reserved, 0));

    private void RefuseUnlessWritable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!_inner.CanWrite)
        {
            throw new NotSupportedException("Stream does not support writing.");
        }
    }
}
