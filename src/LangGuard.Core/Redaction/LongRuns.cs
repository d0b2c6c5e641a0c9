using System.Buffers;

namespace LangGuard.Redaction;

/// <summary>Finds the runs of certain characters that are long enough, without a look at every character: words are short, and one
/// look behind the end of each is enough to go on there.</summary>
internal ref struct LongRuns(ReadOnlySpan<char> text, SearchValues<char> of, int least)
{
    private readonly ReadOnlySpan<char> _text = text;

    internal int Start { get; private set; }

    internal int End { get; private set; }

    internal bool MoveNext()
    {
        // Invariant: no run that is long enough and not yet found begins before this place.
        var start = End;
        while (start <= _text.Length - least)
        {
            var at = start + least - 1;
            while (at >= start && of.Contains(_text[at]))
            {
                at--;
            }

            if (at < start)
            {
                var length = _text[(start + least)..].IndexOfAnyExcept(of);
                (Start, End) = (start, length < 0 ? _text.Length : start + least + length);
                return true;
            }

            start = at + 1;
        }

        End = _text.Length;
        return false;
    }
}
