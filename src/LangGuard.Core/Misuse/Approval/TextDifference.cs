using System.Globalization;
using System.Text;

namespace LangGuard.Misuse;

/// <summary>The lines that go and the lines that come, with a little of what stays around them.</summary>
internal static class TextDifference
{
    private const int Context = 2;

    /// <summary>Above this many pairs of lines the whole middle counts as replaced: never wrong, only longer.</summary>
    private const int MostPairs = 1_000_000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The difference; null where one of the two is no text.</summary>
    internal static string? Between(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        try
        {
            var old = Strict.GetString(before);
            var now = Strict.GetString(after);
            return old.Contains('\0', StringComparison.Ordinal) || now.Contains('\0', StringComparison.Ordinal)
                ? null
                : Between(Lines(old), Lines(now));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>An end without a line break is a line of its own, so that a break that comes or goes is seen.</summary>
    private static string[] Lines(string text) => text.Length == 0 ? [] : text.Split('\n');

    private static string Between(string[] before, string[] after)
    {
        var start = 0;
        while (start < before.Length && start < after.Length && before[start] == after[start])
        {
            start++;
        }

        var end = 0;
        while (end < before.Length - start && end < after.Length - start && before[^(end + 1)] == after[^(end + 1)])
        {
            end++;
        }

        var text = new StringBuilder();
        if (start == before.Length && start == after.Length)
        {
            return "nothing changes";
        }

        text.Append(CultureInfo.InvariantCulture, $"line {start + 1}:");
        Append(text, ' ', before.AsSpan(Math.Max(0, start - Context)..start));
        Middle(text, before.AsSpan(start..^end), after.AsSpan(start..^end));
        Append(text, ' ', before.AsSpan(before.Length - end, Math.Min(Context, end)));
        return text.ToString();
    }

    private static void Middle(StringBuilder text, ReadOnlySpan<string> before, ReadOnlySpan<string> after)
    {
        if (before.Length == 0 || after.Length == 0 || (long)before.Length * after.Length > MostPairs)
        {
            Append(text, '-', before);
            Append(text, '+', after);
            return;
        }

        var width = after.Length + 1;
        var common = new int[(before.Length + 1) * width];
        for (var i = before.Length - 1; i >= 0; i--)
        {
            for (var j = after.Length - 1; j >= 0; j--)
            {
                common[(i * width) + j] = before[i] == after[j]
                    ? common[((i + 1) * width) + j + 1] + 1
                    : Math.Max(common[((i + 1) * width) + j], common[(i * width) + j + 1]);
            }
        }

        int old = 0, now = 0;
        while (old < before.Length || now < after.Length)
        {
            if (old < before.Length && now < after.Length && before[old] == after[now])
            {
                Append(text, ' ', before.Slice(old++, 1));
                now++;
            }
            else if (old < before.Length
                && (now == after.Length || common[((old + 1) * width) + now] >= common[(old * width) + now + 1]))
            {
                Append(text, '-', before.Slice(old++, 1));
            }
            else
            {
                Append(text, '+', after.Slice(now++, 1));
            }
        }
    }

    private static void Append(StringBuilder text, char mark, ReadOnlySpan<string> lines)
    {
        foreach (var line in lines)
        {
            text.Append('\n').Append(mark).Append(' ').Append(line);
        }
    }
}
