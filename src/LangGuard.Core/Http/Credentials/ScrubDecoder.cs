using System.Text;

namespace LangGuard.Http;

/// <summary>Undoes one kind of escape in a stream of bytes that know where they came from. Holds at most one escape.</summary>
internal sealed class ScrubDecoder(ScrubEscape escape)
{
    private readonly byte _first = ScrubEscapes.First(escape);
    private readonly byte[] _bytes = new byte[ScrubEscapes.MaxLength];
    private readonly long[] _starts = new long[ScrubEscapes.MaxLength];
    private readonly long[] _ends = new long[ScrubEscapes.MaxLength];
    private int _count;

    /// <summary>Where the escape begins that is being read, or <see cref="long.MaxValue"/>.</summary>
    public long Pending => _count == 0 ? long.MaxValue : _starts[0];

    /// <summary>Takes one byte; <paramref name="result"/> gets what can be said now.</summary>
    public void Feed(ScrubByte next, List<ScrubByte> result)
    {
        if (_count == 0 && next.Value != _first)
        {
            result.Add(next);
            return;
        }

        _bytes[_count] = next.Value;
        _starts[_count] = next.Start;
        _ends[_count++] = next.End;
        Drain(result, isEnd: false);
    }

    /// <summary>Nothing follows: what looked like an escape is text.</summary>
    public void Finish(List<ScrubByte> result) => Drain(result, isEnd: true);

    private void Drain(List<ScrubByte> result, bool isEnd)
    {
        while (_count > 0)
        {
            var length = 0;
            var value = 0;
            if (_bytes[0] == _first)
            {
                length = ScrubEscapes.Read(escape, _bytes.AsSpan(0, _count), out value);
                if (length == ScrubEscapes.NeedMore && !isEnd)
                {
                    return;
                }
            }

            if (length > 0)
            {
                Add(value, _starts[0], _ends[length - 1], result);
            }
            else
            {
                length = 1;
                result.Add(new ScrubByte(_bytes[0], _starts[0], _ends[0]));
            }

            _count -= length;
            Array.Copy(_bytes, length, _bytes, 0, _count);
            Array.Copy(_starts, length, _starts, 0, _count);
            Array.Copy(_ends, length, _ends, 0, _count);
        }
    }

    private void Add(int value, long start, long end, List<ScrubByte> result)
    {
        // A percent escape is a byte; the others are characters, which secrets hold as UTF-8.
        if (value < 0x80 || (escape == ScrubEscape.Percent && value <= 0xff) || !Rune.TryCreate(value, out var rune))
        {
            result.Add(new ScrubByte(unchecked((byte)value), start, end));
            return;
        }

        Span<byte> utf8 = stackalloc byte[4];
        foreach (var b in utf8[..rune.EncodeToUtf8(utf8)])
        {
            result.Add(new ScrubByte(b, start, end));
        }
    }
}
