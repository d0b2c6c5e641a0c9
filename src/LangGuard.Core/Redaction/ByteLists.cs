using System.Buffers;

namespace LangGuard.Redaction;

/// <summary>Finds text that is written as a list of its bytes: <c>67:68:70</c>, <c>67 68 70</c>, <c>0x67, 0x68</c> and
/// <c>[103,104,112]</c>. Most numbers are no such list: one look in each stretch of the least length is enough to meet a longer one, and
/// the first number that is no letter ends it.</summary>
internal ref struct ByteLists(ReadOnlySpan<char> text, bool isHex)
{
    /// <summary>As many bytes as the shortest token has letters, two digits each and something between.</summary>
    private const int Shortest = 44;

    private const int LongestNumber = 4;

    private static readonly SearchValues<char> Listed = SearchValues.Create("0123456789abcdefABCDEFxX ,:;-\t\r\n");

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
        while (_at < _text.Length)
        {
            if (!Listed.Contains(_text[_at]))
            {
                _from = _at + 1;
                _at += Shortest;
                continue;
            }

            Measure();

            // No list that goes on behind this one begins in it.
            _from = Math.Max(End, _at);
            _at = Math.Max(End, _at + 1) + Shortest - 1;
            if (End - Start >= Shortest && Count >= EncodedForms.MinLength)
            {
                return true;
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

    /// <summary>The list around the place that is looked at.</summary>
    private void Measure()
    {
        (Start, Count) = (SkipForward(_at), 0);
        if (Start == _at)
        {
            Start = StartOf(_at);
        }

        End = Start;
        for (var next = Start; EndOf(next) is var end && Value(next, end) >= 0; next = SkipForward(end))
        {
            Count++;
            End = end;
            if (next == end)
            {
                break;
            }
        }

        if (Count == 0)
        {
            // What is skipped has no other number.
            End = Math.Max(_at, Start);
            Start = End;
            return;
        }

        while (SkipBack(Start) is var end && end > _from && end < Start && StartOf(end - 1) is var start && Value(start, end) >= 0)
        {
            Count++;
            Start = start;
        }
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

    private static bool IsBetween(char c) => c is ' ' or ',' or ':' or ';' or '-' or '\t' or '\r' or '\n';
}
