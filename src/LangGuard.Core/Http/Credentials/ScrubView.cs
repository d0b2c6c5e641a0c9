namespace LangGuard.Http;

/// <summary>One way to read a stream (as it is, or with escapes undone), and the search for secrets in it.</summary>
internal sealed class ScrubView
{
    /// <summary>Between two characters: the zeros of UTF-16 and UTF-32, and a line break in either.</summary>
    private const int MaxSkipped = 12;

    private readonly SecretPatterns _patterns;
    private readonly ScrubDecoder[] _decoders;
    private readonly bool _skips;
    private readonly long[] _starts;
    private readonly List<ScrubByte> _in = [];
    private readonly List<ScrubByte> _out = [];
    private long _count;
    private int _state;
    private int _skipped;

    /// <param name="patterns">What to look for.</param>
    /// <param name="skips">Whether zeros and line breaks inside a form do not break it.</param>
    /// <param name="escapes">The escapes to undo, outermost first.</param>
    public ScrubView(SecretPatterns patterns, bool skips, params ReadOnlySpan<ScrubEscape> escapes)
    {
        _patterns = patterns;
        _skips = skips;
        _decoders = new ScrubDecoder[escapes.Length];
        for (var i = 0; i < escapes.Length; i++)
        {
            _decoders[i] = new ScrubDecoder(escapes[i]);
        }

        Trigger = skips ? "\0\r\n"u8.ToArray() : [.. escapes.ToArray().Select(ScrubEscapes.First).Distinct()];
        _starts = new long[patterns.MaxLength];
    }

    /// <summary>The bytes without which this view reads what the plain one reads.</summary>
    public byte[] Trigger { get; }

    /// <summary>Whether the next bytes are the only ones that matter.</summary>
    public bool IsIdle => _state == 0 && Earliest == long.MaxValue;

    /// <summary>The first position that may still turn out to belong to a secret.</summary>
    public long Earliest
    {
        get
        {
            var earliest = _state == 0 ? long.MaxValue : _starts[(_count - _patterns.Depth(_state)) % _starts.Length];
            foreach (var decoder in _decoders)
            {
                earliest = Math.Min(earliest, decoder.Pending);
            }

            return earliest;
        }
    }

    /// <summary>Reads on. Every form that ends here is reported with its start and end.</summary>
    public void Read(ReadOnlySpan<byte> bytes, long position, Action<long, long> found)
    {
        foreach (var value in bytes)
        {
            var next = new ScrubByte(value, position, ++position);
            if (_decoders.Length == 0)
            {
                Take(next, found);
                continue;
            }

            _in.Clear();
            _in.Add(next);
            Decode(0, found);
        }
    }

    /// <summary>Nothing follows.</summary>
    public void Finish(Action<long, long> found)
    {
        for (var i = 0; i < _decoders.Length; i++)
        {
            _in.Clear();
            _decoders[i].Finish(_in);
            Decode(i + 1, found);
        }

        _state = 0;
    }

    /// <summary>Takes over where another view is; both have read the same.</summary>
    public void CopyFrom(ScrubView other)
    {
        _state = other._state;
        _count = other._count;
        _skipped = 0;
        for (var i = _count - _patterns.Depth(_state); i < _count; i++)
        {
            _starts[i % _starts.Length] = other._starts[i % _starts.Length];
        }
    }

    private void Decode(int from, Action<long, long> found)
    {
        for (var i = from; i < _decoders.Length; i++)
        {
            _out.Clear();
            foreach (var item in _in)
            {
                _decoders[i].Feed(item, _out);
            }

            _in.Clear();
            _in.AddRange(_out);
        }

        foreach (var item in _in)
        {
            Take(item, found);
        }
    }

    private void Take(ScrubByte next, Action<long, long> found)
    {
        if (_skips && next.Value is 0 or (byte)'\r' or (byte)'\n' && _state != 0 && _skipped < MaxSkipped)
        {
            _skipped++;
            return;
        }

        _skipped = 0;
        _starts[_count++ % _starts.Length] = next.Start;
        _state = _patterns.Step(_state, next.Value);
        var match = _patterns.Match(_state);
        if (match > 0)
        {
            found(_starts[(_count - match) % _starts.Length], next.End);
        }
    }
}
