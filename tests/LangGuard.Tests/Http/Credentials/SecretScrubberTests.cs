using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CsCheck;
using LangGuard.Http;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Http.Credentials;

public sealed class SecretScrubberTests
{
    private const string Secret = "s3cr+t/K3y_for=me";
    private static readonly SecretPatterns Patterns = SecretPatterns.Of(Secret);

    public static TheoryData<string, string> Forms()
    {
        var bytes = Encoding.ASCII.GetBytes(Secret);
        var hex = Convert.ToHexString(bytes);
        var data = new TheoryData<string, string>
        {
            { "plain", Secret },
            { "upper case", Secret.ToUpperInvariant() },
            { "reversed", new string([.. Secret.Reverse()]) },
            { "hex", hex },
            { "hex, lower case", hex.ToLowerInvariant() },
            { "hex with dashes", BitConverter.ToString(bytes) },
            { "hex with colons", BitConverter.ToString(bytes).Replace('-', ':') },
            { "hex array", string.Join(", ", bytes.Select(b => $"0x{b:x2}")) },
            { "percent", Uri.EscapeDataString(Secret) },
            { "percent, lower case", Uri.EscapeDataString(Secret).ToLowerInvariant() },
            { "every byte percent", string.Concat(bytes.Select(b => $"%{b:X2}")) },
            { "percent twice", Uri.EscapeDataString(Uri.EscapeDataString(Secret)) },
            { "form", WebUtility.UrlEncode(Secret) },
            { "JSON", JsonSerializer.Serialize(Secret) },
            { "JSON, slashes", Secret.Replace("/", "\\/") },
            { "JSON, every character", string.Concat(Secret.Select(c => $"\\u{(int)c:x4}")) },
            { "JSON in JSON", JsonSerializer.Serialize(JsonSerializer.Serialize(Secret)) },
            { "percent in JSON", JsonSerializer.Serialize(Uri.EscapeDataString(Secret)) },
            { "JavaScript", string.Concat(bytes.Select(b => $"\\x{b:x2}")) },
            { "HTML", string.Concat(Secret.Select(c => $"&#{(int)c};")) },
            { "HTML, hex", string.Concat(Secret.Select(c => $"&#x{(int)c:X};")) },
            { "base64, folded", string.Join("\r\n", Convert.ToBase64String(bytes).Chunk(9).Select(c => new string(c))) },
        };
        for (var before = 0; before < 4; before++)
        {
            var base64 = Convert.ToBase64String([.. Enumerable.Repeat((byte)'x', before), .. bytes, .. "yz"u8]);
            data.Add($"base64 at {before}", base64);
            data.Add($"base64url at {before}", base64.Replace('+', '-').Replace('/', '_').TrimEnd('='));
            data.Add($"base64 at {before} in a query", Uri.EscapeDataString(base64));
            data.Add($"base64 at {before} in JSON", JsonSerializer.Serialize(base64));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Finds_every_form_of_a_secret(string name, string form)
    {
        var text = $"before {form} after";

        var clean = SecretScrubber.Scrub(Patterns, text);

        clean.Should().HaveLength(text.Length, name).And.StartWith("before ").And.EndWith(" after");
        clean.Count(c => c == '*').Should().BeGreaterThanOrEqualTo(Secret.Length, name);
        SecretScrubber.Finds(Patterns, Encoding.UTF8.GetBytes(text)).Should().BeTrue();
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32 })
        {
            // In two-byte text an escape has zeros inside; what stands there in clear or encoded is found.
            if (form.AsSpan().IndexOfAny("%\\&") < 0)
            {
                SecretScrubber.Finds(Patterns, encoding.GetBytes(text)).Should().BeTrue(name);
            }
        }
    }

    [Fact]
    public void Leaves_ordinary_text_alone()
    {
        const string text = "{\"a\":\"100% s3cr+t/K3y_for=m \\u0041 &amp; %41\", \"b\": [1, 2]}\r\n";

        SecretScrubber.Scrub(Patterns, text).Should().BeSameAs(text);
    }

    [Fact]
    public void Agrees_with_the_slow_scrubber_however_the_stream_is_cut() =>
        Gen.Select(Secrets, Gen.Int[0, 5].Array[0, 12], Gen.Int[1, 7].Array[1, 40], Gen.Int[0, 1_000_000]).Sample(
            (secret, parts, cuts, seed) =>
            {
                var text = Compose(secret, parts, new Random(seed));
                Stream(SecretPatterns.Of(secret), text, cuts).Should().Be(SlowScrubber.Scrub(text, secret), text);
            },
            iter: 5_000);

    [Fact]
    public void Agrees_with_the_slow_scrubber_on_noise_made_of_escapes() =>
        Gen.Select(
            Gen.OneOf("%", "%2", "%25", "\\", "\\u00", "\\\\", "&", "&#", ";", "\n", "\0", "ab", "a", "b", "61", "62", "=b", "YWI", " ")
                .Array[0, 40],
            Gen.Int[1, 5].Array[1, 30]).Sample(
            (parts, cuts) =>
            {
                const string secret = "abababab";
                var text = string.Concat(parts);
                Stream(SecretPatterns.Of(secret), text, cuts).Should().Be(SlowScrubber.Scrub(text, secret), text);
            },
            iter: 20_000);

    [Fact]
    public void Holds_back_no_more_than_a_secret_may_fill()
    {
        var scrubber = new SecretScrubber(Patterns);
        var piece = new byte[64];
        var held = 0;
        var added = 0;
        foreach (var noise in new[] { Secret[..^1], "%73%33", "\\u0073", "\r\n\r\n", "&#115", new string('s', 500), "\0\0\0\0" })
        {
            for (var i = 0; i < 2_000; i++)
            {
                var bytes = Encoding.ASCII.GetBytes(noise);
                scrubber.Add(bytes);
                added += bytes.Length;
                while (scrubber.Ready > 0)
                {
                    added -= scrubber.Take(piece);
                }

                held = Math.Max(held, added);
            }
        }

        held.Should().BeLessThan(4_000);
    }

    [Fact]
    public void Passes_an_event_on_before_the_next_one_comes()
    {
        var scrubber = new SecretScrubber(Patterns, isEventStream: true);
        var data = Encoding.ASCII.GetBytes("data: items\n\n");

        scrubber.Add(data);

        scrubber.Ready.Should().Be(data.Length);
    }

    [Fact]
    public void Refuses_secrets_that_can_not_be_told_from_text()
    {
        var make = () => SecretPatterns.Of("short");

        make.Should().Throw<ArgumentException>().WithMessage("*8 to 8192 bytes*");
    }

    [Fact]
    public void Reads_a_megabyte_of_near_misses_in_linear_time()
    {
        Cost.ShouldBeLinear(2_500, lines => SecretScrubber.Finds(
            Patterns, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Secret[..^2] + "%73\\u0073\n", lines))))
            .Should().BeFalse());
    }

    private static Gen<string> Secrets =>
        Gen.OneOf("abcdefgh", "aabaabaab", "+/+/+/+/", "=a=b=c=d=", "A-B_C D+E/", "x%41x%41", "q\"\\/q\"\\/", "12345678901234567890");

    private static string Compose(string secret, int[] parts, Random random)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            var bytes = Encoding.ASCII.GetBytes(secret);
            var form = random.Next(10) switch
            {
                0 => secret,
                1 => Uri.EscapeDataString(secret),
                2 => Uri.EscapeDataString(Uri.EscapeDataString(secret)),
                3 => JsonSerializer.Serialize(secret),
                4 => Convert.ToHexString(bytes),
                5 => Convert.ToBase64String([.. new byte[random.Next(3)], .. bytes]),
                6 => string.Concat(secret.Select(c => string.Create(CultureInfo.InvariantCulture, $"&#{(int)c};"))),
                7 => new string([.. secret.Reverse()]),
                8 => string.Join("\r\n", secret.Chunk(3).Select(c => new string(c))),
                _ => secret[..random.Next(secret.Length)],
            };
            text.Append("%\\&a \n\0"[random.Next(7)], part).Append(form);
        }

        return text.ToString();
    }

    private static string Stream(SecretPatterns patterns, string text, int[] cuts)
    {
        var scrubber = new SecretScrubber(patterns);
        var bytes = Encoding.Latin1.GetBytes(text);
        var result = new byte[bytes.Length];
        var done = 0;
        for (int at = 0, i = 0; at < bytes.Length; i++)
        {
            var count = Math.Min(cuts[i % cuts.Length], bytes.Length - at);
            scrubber.Add(bytes.AsSpan(at, count));
            at += count;
            done += scrubber.Take(result.AsSpan(done));
        }

        scrubber.Finish();
        done += scrubber.Take(result.AsSpan(done));
        done.Should().Be(bytes.Length);
        return Encoding.Latin1.GetString(result);
    }
}
