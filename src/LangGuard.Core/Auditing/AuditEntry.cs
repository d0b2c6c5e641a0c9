using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LangGuard.Auditing;

/// <summary>The text of one record while it is made, with room before it for what chains it. Used again and again, so
/// that recording allocates nothing of its own.</summary>
internal sealed class AuditEntry : IBufferWriter<byte>, IDisposable
{
    private const int LongestNumber = 20;
    private const int LongestTime = 40;

    /// <summary>What stands for itself: the plain letters that the default encoder leaves as they are.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c)
            .Where(c => JavaScriptEncoder.Default.Encode(c.ToString()) == c.ToString())]);

    private byte[] _buffer = new byte[4096];
    private Utf8JsonWriter? _json;
    private int _length = AuditFrame.ChainSize;

    /// <summary>Writes records that are rare. The default encoder escapes everything but plain letters, so that a name can
    /// not forge a line, a colour or a direction.</summary>
    internal Utf8JsonWriter Json => _json ??= new Utf8JsonWriter(this);

    /// <summary>Who acted, as it was written last; most records follow one of the same session.</summary>
    internal AuditIdentity Identity { get; } = new();

    /// <summary>Room for the chain, then the text.</summary>
    internal Span<byte> Chained => _buffer.AsSpan(0, _length);

    /// <summary>What was written since a length was taken.</summary>
    internal ReadOnlySpan<byte> Since(int length) => _buffer.AsSpan(length, _length - length);

    internal int Length => _length;

    internal int FrameSize => AuditFrame.HeaderSize + _length - AuditFrame.ChainSize;

    internal void Reset()
    {
        _length = AuditFrame.ChainSize;
        if (_json is { BytesCommitted: > 0 } or { BytesPending: > 0 })
        {
            _json.Reset();
        }
    }

    /// <summary>Adds JSON text as it is.</summary>
    internal void Add(ReadOnlySpan<byte> json)
    {
        Grow(json.Length);
        json.CopyTo(_buffer.AsSpan(_length));
        _length += json.Length;
    }

    internal void Add(long number)
    {
        Grow(LongestNumber);
        Utf8Formatter.TryFormat(number, _buffer.AsSpan(_length), out var written);
        _length += written;
    }

    internal void Add(DateTimeOffset time)
    {
        Grow(LongestTime);
        _buffer[_length++] = (byte)'"';
        Utf8Formatter.TryFormat(time, _buffer.AsSpan(_length), out var written, 'O');
        _length += written;
        _buffer[_length++] = (byte)'"';
    }

    /// <summary>Adds a string of JSON, in which everything but plain letters is escaped.</summary>
    internal void Add(ReadOnlySpan<char> text)
    {
        Grow(text.Length + 2);
        _buffer[_length++] = (byte)'"';
        if (text.ContainsAnyExcept(Plain))
        {
            AddEscaped(text);
        }
        else
        {
            Ascii.FromUtf16(text, _buffer.AsSpan(_length), out var written);
            _length += written;
        }

        Grow(1);
        _buffer[_length++] = (byte)'"';
    }

    /// <summary>Writes a record about the audit itself.</summary>
    internal void WriteEvent(string phase, DateTimeOffset time, Action<Utf8JsonWriter> fields)
    {
        Json.WriteStartObject();
        Json.WriteString("phase"u8, phase);
        Json.WriteString("time"u8, time);
        fields(Json);
        Json.WriteEndObject();
        Json.Flush();
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

    public void Dispose() => _json?.Dispose();

    private void AddEscaped(ReadOnlySpan<char> text)
    {
        Span<char> part = stackalloc char[512];
        while (text.Length > 0)
        {
            JavaScriptEncoder.Default.Encode(text, part, out var consumed, out var escaped);
            text = text[consumed..];
            Grow(escaped);
            Ascii.FromUtf16(part[..escaped], _buffer.AsSpan(_length), out var written);
            _length += written;
        }
    }

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
