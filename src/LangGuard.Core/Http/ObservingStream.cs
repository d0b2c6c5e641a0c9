namespace LangGuard.Http;

/// <summary>Shows a body that has been read already to the layers that learn from results, without a copy of it.</summary>
internal sealed class ObservingStream : Stream
{
    /// <summary>Of the result.</summary>
    public Permit? Permit { get; set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Permit?.Observe(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => Permit?.Observe(buffer);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
