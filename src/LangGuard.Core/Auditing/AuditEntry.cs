using System.Buffers;
using System.Text.Json;

namespace LangGuard.Auditing;

/// <summary>The text of one record while it is made, with room before it for what chains it. Used again and again, so
/// that recording allocates nothing of its own.</summary>
internal sealed class AuditEntry : IBufferWriter<byte>, IDisposable
{
    private byte[] _buffer = new byte[4096];
    private int _length = AuditFrame.ChainSize;

    internal AuditEntry() => Json = new Utf8JsonWriter(this);

    /// <summary>Writes the text. The default encoder escapes everything but plain letters, so that a name can not forge
    /// a line, a colour or a direction.</summary>
    internal Utf8JsonWriter Json { get; }

    /// <summary>Room for the chain, then the text.</summary>
    internal Span<byte> Chained => _buffer.AsSpan(0, _length);

    internal int FrameSize => AuditFrame.HeaderSize + _length - AuditFrame.ChainSize;

    internal void Reset()
    {
        _length = AuditFrame.ChainSize;
        Json.Reset();
    }

    void IBufferWriter<byte>.Advance(int count) => _length += count;

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        Grow(sizeHint);
        return _buffer.AsMemory(_length);
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint)
    {
        Grow(sizeHint);
        return _buffer.AsSpan(_length);
    }

    public void Dispose() => Json.Dispose();

    private void Grow(int sizeHint)
    {
        var needed = _length + Math.Max(sizeHint, 1);
        if (needed > AuditFrame.MaxPayload + AuditFrame.ChainSize)
        {
            throw new AuditUnavailableException("The record is too large.");
        }

        if (needed > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(needed, Math.Min(2 * _buffer.Length, AuditFrame.MaxPayload)));
        }
    }
}
