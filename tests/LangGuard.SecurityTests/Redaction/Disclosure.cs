using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace LangGuard.SecurityTests.Redaction;

/// <summary>Looks for a canary in text, in every form in which it may hide. Written apart from the product's own search,
/// so that both would have to be blind in the same way.</summary>
internal static class Disclosure
{
    internal static IEnumerable<(string Form, string Text)> Forms(string canary)
    {
        var bytes = Encoding.UTF8.GetBytes(canary);
        yield return ("raw", canary);
        yield return ("reversed", Reverse(canary));
        yield return ("hex", Convert.ToHexStringLower(bytes));
        yield return ("upper hex", Convert.ToHexString(bytes));
        yield return ("url", Uri.EscapeDataString(canary));
        yield return ("percent", string.Concat(bytes.Select(b => $"%{b:X2}")));
        for (var before = 0; before < 3; before++)
        {
            yield return ($"base64 at {before}", Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('.', before) + canary + "..")));
        }

        yield return ("base64 of reversed", Convert.ToBase64String(Encoding.UTF8.GetBytes(Reverse(canary))));
        yield return ("gzip", Convert.ToBase64String(Pack(canary)));
    }

    private static readonly Regex Escaped = new(@"\\u([0-9a-fA-F]{4})", RegexOptions.CultureInvariant);

    /// <summary>The form in which the canary is in the text, or null.</summary>
    internal static string? Find(string text, string canary)
    {
        var reversed = Reverse(canary);
        foreach (var candidate in Readings(text))
        {
            if (candidate.Contains(canary, StringComparison.OrdinalIgnoreCase) || candidate.Contains(reversed, StringComparison.OrdinalIgnoreCase))
            {
                return candidate.Length > 200 ? candidate[..200] : candidate;
            }
        }

        return null;
    }

    /// <summary>The text, and everything that its longest runs decode to.</summary>
    private static IEnumerable<string> Readings(string text)
    {
        yield return text;
        yield return Uri.UnescapeDataString(text);
        yield return Escaped.Replace(text, match => ((char)Convert.ToUInt16(match.Groups[1].Value, 16)).ToString());
        foreach (var run in Runs(text, c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '-' or '_'))
        {
            for (var skip = 0; skip < 4 && run.Length - skip >= 8; skip++)
            {
                var part = run[skip..].Replace('-', '+').Replace('_', '/');
                part = part.Length % 4 == 1 ? part[..^1] : part;
                var bytes = Convert.FromBase64String(part.PadRight((part.Length + 3) / 4 * 4, '='));
                yield return Encoding.UTF8.GetString(bytes);
                if (bytes is [0x1f, 0x8b, ..])
                {
                    yield return Unpack(bytes);
                }
            }
        }

        foreach (var run in Runs(text, char.IsAsciiHexDigit))
        {
            for (var skip = 0; skip < 2; skip++)
            {
                yield return Encoding.UTF8.GetString(Convert.FromHexString(run.AsSpan(skip, (run.Length - skip) / 2 * 2)));
            }
        }
    }

    private static IEnumerable<string> Runs(string text, Func<char, bool> of)
    {
        var from = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || !of(text[i]))
            {
                if (i - from >= 8)
                {
                    yield return text[from..i];
                }

                from = i + 1;
            }
        }
    }

    private static string Reverse(string text) => new([.. text.Reverse()]);

    internal static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private static string Unpack(byte[] bytes)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            using var reader = new StreamReader(gzip);
            return reader.ReadToEnd();
        }
        catch (InvalidDataException)
        {
            return string.Empty;
        }
    }
}
