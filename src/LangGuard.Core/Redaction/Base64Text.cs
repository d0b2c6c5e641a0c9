using System.Buffers;

namespace LangGuard.Redaction;

/// <summary>Reads base64 of both alphabets, also over the ends of lines.</summary>
internal static class Base64Text
{
    internal const int ShortestRun = 20;

    /// <summary>A line that is shorter than this is the last one of its run.</summary>
    private const int ShortestLine = ShortestRun;

    private const int MostIndented = 16;

    internal static readonly SearchValues<char> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");

    // The letters in each place of a group that leave the highest bit of a byte zero.
    private static readonly SearchValues<char> First = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef");
    private static readonly SearchValues<char> Second = SearchValues.Create("ABCDEFGHQRSTUVWXghijklmnwxyz0123");
    private static readonly SearchValues<char> Third = SearchValues.Create("ABEFIJMNQRUVYZcdghklopstwx014589");

    private static readonly SearchValues<char> Number = SearchValues.Create("0123456789abcdefABCDEF-");

    /// <summary>The run that a text begins with. It goes on over the ends of lines of one width, or of those that are usual; lines may be
    /// indented, and the last one may be shorter.</summary>
    internal static ReadOnlySpan<char> Run(ReadOnlySpan<char> text)
    {
        var end = Width(text);
        for (var width = end; width >= ShortestLine && !IsDashedNumber(text[(end - width)..end]);)
        {
            var next = NextLine(text[end..]);
            var more = next == 0 ? 0 : Width(text[(end + next)..]);
            if (more == 0 || (more > width && !IsUsual(width)))
            {
                break;
            }

            end += next + more;
            width = more == width || IsUsual(more) ? more : 0;
        }

        return text[..end];
    }

    /// <summary>Whether a run is made of hexadecimal digits alone, with dashes, as sums and ids are. Base64 never happens to be.</summary>
    internal static bool IsNumber(ReadOnlySpan<char> run) => !run.ContainsAnyExcept(Number);

    /// <summary>Words have no digits, upper and lower case in one; what has is worth a look.</summary>
    internal static bool IsWorthIt(ReadOnlySpan<char> run) =>
        run.Length >= ShortestRun
        && (run.ContainsAnyInRange('0', '9') || (run.ContainsAnyInRange('A', 'Z') && run.ContainsAnyInRange('a', 'z')));

    /// <summary>Whether letters may be as much text as the shortest secret of known shape is: no byte of four groups has its highest bit.</summary>
    internal static bool MayBeAscii(ReadOnlySpan<char> letters)
    {
        const int Group = 4;
        for (var start = 0; start + (4 * Group) <= letters.Length;)
        {
            var at = start + (3 * Group);
            while (at >= start && First.Contains(letters[at]) && Second.Contains(letters[at + 1]) && Third.Contains(letters[at + 2]))
            {
                at -= Group;
            }

            if (at < start)
            {
                return true;
            }

            start = at + Group;
        }

        return false;
    }

    /// <summary>The letters of a run without the ends of its lines; returns how many.</summary>
    internal static int Join(ReadOnlySpan<char> run, Span<char> letters)
    {
        var length = 0;
        foreach (var line in run.EnumerateLines())
        {
            var part = line.Trim(" \t");
            part.CopyTo(letters[length..]);
            length += part.Length;
        }

        return length;
    }

    /// <summary>Decodes letters of either alphabet; returns how many bytes there are. There is room for three letters behind them.</summary>
    internal static int Decode(Span<char> letters, int skip, int length, Span<byte> bytes)
    {
        var part = letters[skip..length];
        part.Replace('-', '+');
        part.Replace('_', '/');
        var count = length - skip;
        if (count % 4 == 1)
        {
            count--;
        }

        for (; count % 4 != 0; count++)
        {
            letters[skip + count] = '=';
        }

        return Convert.TryFromBase64Chars(letters.Slice(skip, count), bytes, out var written) ? written : 0;
    }

    private static int Width(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(Letters) is var width and >= 0 ? width : text.Length;

    private static bool IsUsual(int width) => width is 60 or 64 or 70 or 72 or 76;

    private static bool IsDashedNumber(ReadOnlySpan<char> line) => line.Contains('-') && IsNumber(line);

    private static int NextLine(ReadOnlySpan<char> text)
    {
        var line = text is ['\r', '\n', ..] ? 2 : text is ['\n', ..] ? 1 : 0;
        if (line == 0)
        {
            return 0;
        }

        var indent = KeyShapes.Window(text, line, MostIndented).IndexOfAnyExcept(' ', '\t');
        return indent < 0 ? 0 : line + indent;
    }
}
