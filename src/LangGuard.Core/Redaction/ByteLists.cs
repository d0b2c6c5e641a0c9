namespace LangGuard.Redaction;

/// <summary>Finds text that is written as a list of its bytes: <c>67:68:70</c>, <c>67 68 70</c>, <c>0x67, 0x68</c> and
/// <c>[103,104,112]</c>. Most numbers are no such list: one look in each stretch of the least length is enough to meet a longer one, and
/// the first number that is no letter ends it.</summary>
internal ref struct ByteLists(ReadOnlySpan<char> text, bool isHex)
{
    /// <summary>As many bytes as the shortest token has letters, two digits each and something between.</summary>
    private const int Shortest = 44;

    private const int LongestNumber = 4;

    private const ulong Between = 1UL << ' ' | 1UL << ',' | 1UL << ':' | 1UL << ';' | 1UL << '-' | 1UL << '\t' | 1UL << '\r' | 1UL << '\n';

    private readonly ReadOnlySpan<char> _text = text;
    private int _at = Shortest - 1;
    private int _from;

    internal int Start { get; private set; }

    internal int End { get; private set; }

    /// <summary>How many bytes the list has.</summary>
    internal int Count { get; private set; }

    /// <summary>Whether any list is in the text.</summary>
    internal static bool AreIn(ReadOnlySpan<char> text) => new ByteLists(text, isHex: false).MoveNext() || new ByteLists(text, isHex: true).MoveNext();

    internal bool MoveNext()
    {
        // Invariant: no list that is long enough and not yet found begins before _from; _at is the last place of the first that may.
        while (_at < _text.Length)
        {
            var start = StartOfList();
            if (_at - start >= Shortest - 1)
            {
                Measure(start);
                (_from, _at) = (End, End + Shortest - 1);
                if (Count >= EncodedForms.MinLength)
                {
                    return true;
                }
            }
            else
            {
                (_from, _at) = (start, start + Shortest - 1);
            }
        }

        return false;
    }

    /// <summary>The text of the list.</summary>
    internal readonly string Read()
    {
        var letters = new char[Count];
        var at = Start;
        for (var i = 0; i < letters.Length; i++)
        {
            at = SkipForward(at);
            var end = EndOf(at);
            letters[i] = (char)Math.Max(0, Value(at, end));
            at = end;
        }

        return new string(letters);
    }

    /// <summary>Where the list begins that goes on over the place that is looked at, or where one may begin behind it.</summary>
    private readonly int StartOfList()
    {
        var start = _at + 1;
        if (!IsBetween(_text[_at]))
        {
            var end = EndOf(_at);
            start = StartOf(_at);
            if (Value(start, end) < 0)
            {
                return Math.Max(end, _at + 1);
            }
        }

        var first = start;
        while (SkipBack(first) is var end && end > _from && end < first)
        {
            first = StartOf(end);
            if (Value(first, end) < 0)
            {
                return start;
            }

            start = first;
        }

        return start;
    }

    private void Measure(int start)
    {
        (Start, End, Count) = (start, start, 0);
        for (var next = start; EndOf(next) is var end && end > next && Value(next, end) >= 0; next = SkipForward(end))
        {
            Count++;
            End = end;
            if (end < _text.Length && !IsBetween(_text[end]))
            {
                break;
            }
        }

        End = Math.Max(End, start + 1);
    }

    private readonly int SkipForward(int at)
    {
        while (at < _text.Length && IsBetween(_text[at]))
        {
            at++;
        }

        return at;
    }

    private readonly int SkipBack(int at)
    {
        while (at > _from && IsBetween(_text[at - 1]))
        {
            at--;
        }

        return at;
    }

    private readonly int StartOf(int at)
    {
        var least = Math.Max(_from, at - LongestNumber);
        while (at > least && char.IsAsciiLetterOrDigit(_text[at - 1]))
        {
            at--;
        }

        return at;
    }

    private readonly int EndOf(int at)
    {
        var most = Math.Min(_text.Length, at + LongestNumber + 1);
        while (at < most && char.IsAsciiLetterOrDigit(_text[at]))
        {
            at++;
        }

        return at;
    }

    /// <summary>The letter that a number stands for, or less than zero.</summary>
    private readonly int Value(int start, int end)
    {
        var digits = _text[start..end];
        if (isHex && digits is ['0', 'x' or 'X', ..])
        {
            digits = digits[2..];
        }

        if (digits.Length is 0 or > 3)
        {
            return -1;
        }

        var value = 0;
        foreach (var c in digits)
        {
            if (!(isHex ? char.IsAsciiHexDigit(c) : char.IsAsciiDigit(c)))
            {
                return -1;
            }

            value = (value * (isHex ? 16 : 10)) + (char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
        }

        return value is (>= 0x20 and < 0x7F) or '\t' or '\r' or '\n' ? value : -1;
    }

    private static bool IsBetween(char c) => c < 64 && (Between >> c & 1) != 0;
}
