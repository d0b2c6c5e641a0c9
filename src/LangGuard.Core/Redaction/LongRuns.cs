using System.Buffers;

namespace LangGuard.Redaction;

/// <summary>Finds the runs of certain characters that are long enough, without a look at every character: words are short, and one
/// look in each stretch of that length is enough to meet a longer run.</summary>
internal ref struct LongRuns(ReadOnlySpan<char> text, SearchValues<char> of, int least)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _at = least - 1;

    internal int Start { get; private set; }

    internal int End { get; private set; }

    internal bool MoveNext()
    {
        for (; _at < _text.Length; _at += least)
        {
            if (!of.Contains(_text[_at]))
            {
                continue;
            }

            // Invariant: what lies before the end of the last run has been looked at.
            var start = _at;
            while (start > End && of.Contains(_text[start - 1]))
            {
                start--;
            }

            var length = _text[_at..].IndexOfAnyExcept(of);
            var end = length < 0 ? _text.Length : _at + length;
            _at = end;
            if (end - start >= least)
            {
                (Start, End) = (start, end);
                _at += least;
                return true;
            }
        }

        return false;
    }
}
