using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LangGuard.Tests.Http.Credentials;

/// <summary>The obvious scrubber: decodes the whole text, then looks for every form of every secret at every place.</summary>
internal static partial class SlowScrubber
{
    public static string Scrub(string text, string secret)
    {
        var mask = new bool[text.Length];
        var plain = text.Select((c, i) => new Unit(c, i, i + 1)).ToList();
        var percent = Decode(plain, Percent());
        var json = Decode(plain, Json());
        foreach (var view in new[]
        {
            plain, percent, Decode(percent, Percent()), json, Decode(json, Json()), Decode(json, Percent()),
            Decode(plain, Html()),
        })
        {
            Search(view, secret, mask, skips: false);
        }

        Search(plain, secret, mask, skips: true);
        return new string([.. text.Select((c, i) => mask[i] ? '*' : c)]);
    }

    private static void Search(List<Unit> view, string secret, bool[] mask, bool skips)
    {
        foreach (var form in Forms(secret))
        {
            for (var start = 0; start < view.Count; start++)
            {
                var at = start;
                var matched = 0;
                var skipped = 0;
                while (matched < form.Length && at < view.Count)
                {
                    if (skips && matched > 0 && view[at].Value is '\r' or '\n' or '\0' && skipped++ < 12)
                    {
                        at++;
                        continue;
                    }

                    if (Fold(view[at].Value) != Fold(form[matched]))
                    {
                        break;
                    }

                    matched++;
                    skipped = 0;
                    at++;
                }

                if (matched == form.Length)
                {
                    Array.Fill(mask, true, view[start].Start, view[at - 1].End - view[start].Start);
                }
            }
        }
    }

    private static IEnumerable<string> Forms(string secret)
    {
        var bytes = Encoding.ASCII.GetBytes(secret);
        yield return secret;
        yield return new string([.. secret.Reverse()]);
        foreach (var separator in new[] { "", "-", ":", ",", ", ", "0x", " 0x", ",0x", ", 0x" })
        {
            yield return string.Join(separator, bytes.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
        }

        for (var before = 0; before < 3; before++)
        {
            // What two different surroundings agree on is what the secret alone decides.
            var one = Convert.ToBase64String([.. new byte[before], .. bytes, .. new byte[3]]);
            var two = Convert.ToBase64String([.. Enumerable.Repeat((byte)255, before), .. bytes, .. Enumerable.Repeat((byte)255, 3)]);
            var same = Enumerable.Range(0, one.Length).Where(i => one[i] == two[i] && one[i] != '=').ToList();
            yield return new string([.. same.Select(i => one[i])]);
        }
    }

    private static char Fold(char c) => char.ToLowerInvariant(c) switch { '-' or ' ' => '+', '_' => '/', var other => other };

    private static List<Unit> Decode(List<Unit> view, Regex escape)
    {
        var text = new string([.. view.Select(u => u.Value)]);
        var result = new List<Unit>();
        for (var at = 0; at < view.Count;)
        {
            var match = escape.Match(text, at);
            if (match.Success && match.Index == at && Value(match.Value) is { } value)
            {
                result.Add(new Unit(value, view[at].Start, view[at + match.Length - 1].End));
                at += match.Length;
            }
            else
            {
                result.Add(view[at++]);
            }
        }

        return result;
    }

    private static char? Value(string escape) => escape switch
    {
        "\\b" => '\b',
        "\\f" => '\f',
        "\\n" => '\n',
        "\\r" => '\r',
        "\\t" => '\t',
        "&amp;" => '&',
        "&lt;" => '<',
        "&gt;" => '>',
        "&quot;" => '"',
        "&apos;" => '\'',
        ['\\', var c] => c,
        ['&', '#', 'x' or 'X', .. var hex, ';'] => (char)int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        ['&', '#', .. var number, ';'] => (char)int.Parse(number, CultureInfo.InvariantCulture),
        ['%' or '\\', 'u' or 'U' or 'x' or 'X', .. var hex] => (char)int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        ['%', .. var hex] => (char)int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        _ => null,
    };

    [GeneratedRegex(@"\G(?:%[uU][0-9a-fA-F]{4}|%[0-9a-fA-F]{2})")]
    private static partial Regex Percent();

    [GeneratedRegex(@"\G(?:\\[uU][0-9a-fA-F]{4}|\\[xX][0-9a-fA-F]{2}|\\[bfnrt""\\/'])")]
    private static partial Regex Json();

    [GeneratedRegex(@"\G(?:&(?:amp|lt|gt|quot|apos|#[0-9]{1,3}|#[xX][0-9a-fA-F]{1,2});)")]
    private static partial Regex Html();

    private readonly record struct Unit(char Value, int Start, int End);
}
