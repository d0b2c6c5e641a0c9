using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LangGuard.Misuse;

/// <summary>Everything that leaves with an operation, as it is written and as it reads after one decoding.</summary>
internal static class OutgoingText
{
    private const int MostDecoded = 256 * 1024;
    private const int ShortestRun = 20;

    private static readonly SearchValues<char> Base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=");

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Looks at one text.</summary>
    internal delegate bool Test(ReadOnlySpan<char> text);

    /// <summary>Whether the test finds something in what leaves. Operations that only read local things send nothing.</summary>
    internal static bool Any(Operation operation, Test test) => operation switch
    {
        HttpOperation http => InRequest(http, test),
        FunctionOperation function => (function.Effects & ~Effects.Read) != 0 && InArguments(function.Arguments, test),
        _ => false,
    };

    // Kept, so that no call makes it anew.
    private static readonly JsonLeaves.Look<Test> LookInto = static (scoped ReadOnlySpan<char> text, ref Test found) => !InText(text, found);

    private static bool InRequest(HttpOperation http, Test test)
    {
        if (InText(http.Host, test) || InText(http.PathAndQuery, test))
        {
            return true;
        }

        foreach (var (name, values) in http.Headers)
        {
            if (InText(name, test) || InText(values.ToString(), test))
            {
                return true;
            }
        }

        return !http.Body.IsEmpty && InBody(http.Body.Span, test);
    }

    private static bool InBody(ReadOnlySpan<byte> body, Test test)
    {
        var text = Encoding.UTF8.GetString(body);
        if (InText(text, test))
        {
            return true;
        }

        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return InArguments(document.RootElement, test);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool InArguments(JsonElement element, Test test) =>
        !JsonLeaves.All(element, ref test, LookInto);

    private static bool InText(ReadOnlySpan<char> text, Test test)
    {
        if (text.IsEmpty)
        {
            return false;
        }

        if (test(text))
        {
            return true;
        }

        if (text.Contains('%') && test(Uri.UnescapeDataString(text.ToString())))
        {
            return true;
        }

        return InEncoded(text, test);
    }

    /// <summary>Long runs that may be base64 or hexadecimal, read once.</summary>
    private static bool InEncoded(ReadOnlySpan<char> text, Test test)
    {
        text = text[..Math.Min(text.Length, MostDecoded)];
        while (text.Length >= ShortestRun)
        {
            var start = text.IndexOfAny(Base64);
            if (start < 0)
            {
                return false;
            }

            text = text[start..];
            var end = text.IndexOfAnyExcept(Base64);
            var run = end < 0 ? text : text[..end];
            text = text[run.Length..];
            if (run.Length >= ShortestRun && LooksEncoded(run) && (InBase64(run, test) || InHex(run, test)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Words have no digits, upper and lower case in one; what has is worth a look.</summary>
    private static bool LooksEncoded(ReadOnlySpan<char> run) =>
        run.ContainsAnyInRange('0', '9') || (run.ContainsAnyInRange('A', 'Z') && run.ContainsAnyInRange('a', 'z'));

    private static bool InBase64(ReadOnlySpan<char> run, Test test)
    {
        var plain = run.TrimEnd('=').ToString().Replace('-', '+').Replace('_', '/');
        for (var skip = 0; skip < 4 && plain.Length - skip >= ShortestRun - 4; skip++)
        {
            var length = (plain.Length - skip) / 4 * 4;
            var tail = plain.Length - skip - length;
            var padded = plain[skip..] + (tail is 2 ? "==" : tail is 3 ? "=" : string.Empty);
            var buffer = new byte[padded.Length];
            if (Convert.TryFromBase64String(tail is 1 ? padded[..length] : padded, buffer, out var written)
                && test(Encoding.UTF8.GetString(buffer, 0, written)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool InHex(ReadOnlySpan<char> run, Test test)
    {
        if (run.ContainsAnyExcept(Hex))
        {
            return false;
        }

        return test(Encoding.UTF8.GetString(Convert.FromHexString(run[..(run.Length / 2 * 2)])));
    }
}
