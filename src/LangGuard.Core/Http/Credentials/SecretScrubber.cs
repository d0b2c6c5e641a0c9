using System.Text;

namespace LangGuard.Http;

/// <summary>
/// Overwrites secrets in a stream with asterisks, byte for byte: lengths stay what the server stated. Holds back only what may
/// still turn out to be part of a secret, so that the memory is bounded and an event stream keeps flowing.
/// </summary>
internal sealed class SecretScrubber
{
    private const byte Mark = (byte)'*';

    private readonly ScrubView _plain;
    private readonly ScrubView[] _others;
    private readonly bool[] _apart;
    private readonly Action<long, long> _found;
    private byte[] _held = new byte[256];
    private int _first;
    private int _heldCount;
    private int _ready;
    private long _heldAt;

    /// <param name="patterns">The secrets.</param>
    /// <param name="isEventStream">Whether each line has to be passed on at once: then no secret is looked for across lines.</param>
    public SecretScrubber(SecretPatterns patterns, bool isEventStream = false)
    {
        _plain = new ScrubView(patterns, skips: false);
        _others =
        [
            new ScrubView(patterns, skips: false, ScrubEscape.Percent),
            new ScrubView(patterns, skips: false, ScrubEscape.Percent, ScrubEscape.Percent),
            new ScrubView(patterns, skips: false, ScrubEscape.Json),
            new ScrubView(patterns, skips: false, ScrubEscape.Json, ScrubEscape.Json),
            new ScrubView(patterns, skips: false, ScrubEscape.Json, ScrubEscape.Percent),
            new ScrubView(patterns, skips: false, ScrubEscape.Html),
            .. isEventStream ? (ScrubView[])[] : [new ScrubView(patterns, skips: true)],
        ];
        _apart = new bool[_others.Length];
        _found = Overwrite;
    }

    /// <summary>Whether a secret has been found.</summary>
    public bool HasFound { get; private set; }

    /// <summary>Bytes that can be taken with <see cref="Take"/>.</summary>
    public int Ready => _ready;

    /// <summary>Reads on.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Hold(bytes);
        var position = _heldAt + _heldCount - bytes.Length;
        _plain.Read(bytes, position, _found);
        for (var i = 0; i < _others.Length; i++)
        {
            if (!_apart[i] && bytes.IndexOfAny(_others[i].Trigger) < 0)
            {
                _others[i].CopyFrom(_plain);
            }
            else
            {
                _others[i].Read(bytes, position, _found);
                _apart[i] = !(_others[i].IsIdle && _plain.IsIdle);
            }
        }

        Release();
    }

    /// <summary>Nothing follows: everything that is held becomes ready.</summary>
    public void Finish()
    {
        _plain.Finish(_found);
        foreach (var view in _others)
        {
            view.Finish(_found);
        }

        _ready = _heldCount;
    }

    /// <summary>Moves scrubbed bytes out.</summary>
    public int Take(Span<byte> destination)
    {
        var count = Math.Min(destination.Length, _ready);
        _held.AsSpan(_first, count).CopyTo(destination);
        Drop(count);
        return count;
    }

    /// <summary>The same text without secrets; the very same instance when there are none.</summary>
    public static string Scrub(SecretPatterns patterns, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var scrubber = new SecretScrubber(patterns);
        scrubber.Add(bytes);
        scrubber.Finish();
        if (!scrubber.HasFound)
        {
            return text;
        }

        scrubber.Take(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Whether a secret is in some bytes, in any form.</summary>
    public static bool Finds(SecretPatterns patterns, ReadOnlySpan<byte> bytes)
    {
        var scrubber = new SecretScrubber(patterns);
        while (!bytes.IsEmpty && !scrubber.HasFound)
        {
            var part = bytes[..Math.Min(bytes.Length, 4096)];
            scrubber.Add(part);
            scrubber.Drop(scrubber.Ready);
            bytes = bytes[part.Length..];
        }

        scrubber.Finish();
        return scrubber.HasFound;
    }

    private void Drop(int count)
    {
        _first += count;
        _heldCount -= count;
        _ready -= count;
        _heldAt += count;
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        if (_first + _heldCount + bytes.Length > _held.Length)
        {
            var larger = _heldCount + bytes.Length > _held.Length
                ? new byte[Math.Max(_held.Length * 2, _heldCount + bytes.Length)]
                : _held;
            _held.AsSpan(_first, _heldCount).CopyTo(larger);
            _held = larger;
            _first = 0;
        }

        bytes.CopyTo(_held.AsSpan(_first + _heldCount));
        _heldCount += bytes.Length;
    }

    private void Release()
    {
        var earliest = _plain.Earliest;
        foreach (var view in _others)
        {
            earliest = Math.Min(earliest, view.Earliest);
        }

        _ready = (int)Math.Min(_heldCount, earliest - _heldAt);
    }

    private void Overwrite(long start, long end)
    {
        // Invariant: nothing after the earliest undecided position has been handed out.
        HasFound = true;
        _held.AsSpan(_first + (int)(start - _heldAt), (int)(end - start)).Fill(Mark);
    }
}
