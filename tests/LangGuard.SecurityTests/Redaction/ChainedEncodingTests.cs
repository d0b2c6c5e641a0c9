using System.Globalization;
using System.IO.Compression;
using System.Text;
using LangGuard.Redaction;
using LangGuard.SecurityTests.Http;

namespace LangGuard.SecurityTests.Redaction;

/// <summary>A value hidden in one encoding inside another, with escapes, invisible characters and line ends: what a model can undo
/// by reading, redaction and the check of what leaves undo too.</summary>
public sealed class ChainedEncodingTests
{
    private const string Value = "zebra-4417/quartz+lantern";
    private const string Key = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";

    private static readonly Dictionary<string, Func<string, string>> Encodings = new(StringComparer.Ordinal)
    {
        ["plain"] = text => text,
        ["base64"] = text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
        ["base64 at 1"] = text => Convert.ToBase64String(Encoding.UTF8.GetBytes("." + text + ".")),
        ["base64 at 2"] = text => Convert.ToBase64String(Encoding.UTF8.GetBytes(".." + text + ".")),
        ["base64 for URLs"] = text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).Replace('+', '-').Replace('/', '_').TrimEnd('='),
        ["base64 in lines"] = text => Convert.ToBase64String(Encoding.UTF8.GetBytes(new string(' ', 90) + text), Base64FormattingOptions.InsertLineBreaks),
        ["base64 of UTF-16"] = text => Convert.ToBase64String(Encoding.Unicode.GetBytes(text)),
        ["base64 of UTF-16 big-endian"] = text => Convert.ToBase64String(Encoding.BigEndianUnicode.GetBytes(text)),
        ["hex"] = text => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
        ["percent"] = text => string.Concat(Encoding.UTF8.GetBytes(text).Select(b => $"%{b:X2}")),
        ["percent, some"] = text => string.Concat(text.Select((c, i) => i % 3 == 0 && char.IsAscii(c) ? $"%{(int)c:x2}" : c.ToString())),
        ["gzip"] = text => Convert.ToBase64String(Pack(text, stream => new GZipStream(stream, CompressionLevel.Optimal))),
        ["zlib"] = text => Convert.ToBase64String(Pack(text, stream => new ZLibStream(stream, CompressionLevel.Optimal))),
        ["gzip in hex"] = text => Convert.ToHexString(Pack(text, stream => new GZipStream(stream, CompressionLevel.Fastest))),
        ["JSON escapes, some"] = text => string.Concat(text.Select((c, i) => i % 2 == 0 || c == '\\' ? $"\\u{(int)c:x4}" : c.ToString())),
        ["JSON escapes, twice"] = text => string.Concat(text.Select(c => $"\\\\u{(int)c:X4}")),
        ["C escapes"] = text => string.Concat(text.Select(c => char.IsAscii(c) ? $"\\x{(int)c:x2}" : c.ToString())),
        ["octal escapes"] = text => string.Concat(text.Select(c => char.IsAscii(c) ? "\\" + Convert.ToString(c, 8).PadLeft(3, '0') : c.ToString())),
        ["JavaScript escapes"] = text => string.Concat(text.Select(c => "\\u{" + ((int)c).ToString("x", CultureInfo.InvariantCulture) + "}")),
        ["HTML, decimal"] = text => string.Concat(text.Select(c => $"&#{(int)c};")),
        ["HTML, some hex"] = text => string.Concat(text.Select((c, i) => i % 2 == 0 ? $"&#x{(int)c:X};" : c.ToString())),
        ["UTF-16 as bytes"] = text => string.Concat(text.Select(c => c + "\0")),
        ["zero width"] = text => string.Join('\u200B', text.ToCharArray()),
        ["soft hyphens"] = text => string.Join('\u00AD', text.ToCharArray()),
        ["a direction"] = text => "\u202D" + text[..5] + "\u202C" + text[5..],
    };

    public static TheoryData<string> First => [.. Encodings.Keys];

    [Theory]
    [MemberData(nameof(First))]
    public void A_value_in_one_encoding_inside_another_is_hidden(string first)
    {
        using var session = LoopbackSession.Create(9, policy => policy.DefendInDepth(defense => defense.RedactValues(Value)));
        foreach (var (second, secret, encoded) in Chains(first))
        {
            var shown = ToolResultPipeline.Clean($"before {encoded} after", session, null);

            shown.Should().StartWith("before").And.EndWith("after").And.Contain("langguard redacted", second);
            Longest(shown, encoded).Should().BeLessThan(Math.Max(8, encoded.Length / 4), $"most of '{secret}' in '{second}' is gone");
        }
    }

    [Theory]
    [MemberData(nameof(First))]
    public async Task A_value_in_one_encoding_inside_another_does_not_leave(string first)
    {
        using var server = new ScriptedServer((stream, _, _) => ScriptedServer.SayAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        using var session = LoopbackSession.Create(
            server.Port, policy => policy.DefendInDepth(defense => defense.RedactValues(Value)), "POST http://localhost:{port}/** body type text/plain");
        foreach (var (second, _, encoded) in Chains(first))
        {
            var send = () => session.HttpClient.PostAsync($"http://localhost:{server.Port}/x", new StringContent($"before {encoded} after"));
            (await send.Should().ThrowAsync<AccessDeniedException>(second)).Which.Decision.Reason!.Rule.Should().Be("secrets.outgoing", second);
        }

        server.Heads.Should().BeEmpty();
        using var control = await session.HttpClient.PostAsync($"http://localhost:{server.Port}/x", new StringContent("before and after"));
        control.IsSuccessStatusCode.Should().BeTrue("what holds no secret leaves");
    }

    private static IEnumerable<(string Second, string Secret, string Encoded)> Chains(string first) =>
        from second in Encodings
        from secret in new[] { Value, Key }
        select (second.Key, secret, second.Value(Encodings[first](secret)));

    [Theory]
    [InlineData("The quick brown fox jumps over the lazy dog. 100% sure & \"quoted\" \\ C:\\Users\\name\\100\\file.txt")]
    [InlineData("https://example.test/search?q=a%20b%2Fc&lang=en-GB&page=17#Section-12")]
    [InlineData("data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")]
    [InlineData("{\"next\":\"eyJ0b2tlbiI6ImFiYzEyM2RlZiIsIm9mZnNldCI6MjB9\",\"items\":[\"\\u00e4\\u00f6\"]}")]
    [InlineData("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= src/LangGuard.Core/Redaction/EncodedText.cs 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    public void Ordinary_text_stays_as_it_is(string text)
    {
        using var session = LoopbackSession.Create(9, policy => policy.DefendInDepth(defense => defense.RedactValues(Value)));
        ToolResultPipeline.Clean(text, session, null, isFile: true).Should().Be(text);
    }

    [Fact]
    public void Much_encoded_text_costs_time_in_proportion()
    {
        using var session = LoopbackSession.Create(9, policy => policy.DefendInDepth(defense => defense.RedactValues(Value)));
        foreach (var part in new[] { "H4sIAAAAAAAAA0tMBACpmWEoAgAAAA== ", "%25%32%35%32%35", "\\\\\\\\u0041", "&amp;amp;amp;", "aGVsbG8gd29ybGQgMTIzNDU2Nzg5", "-----END PRIVATE KEY-----" })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var text = string.Concat(Enumerable.Repeat(part, 400_000 / part.Length));
            ToolResultPipeline.Clean(text, session, null, isFile: true).Should().NotBeNull();
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(200L * 1024 * 1024, part);
        }
    }

    /// <summary>The longest run of characters of the one that is in the other.</summary>
    private static int Longest(string shown, string encoded)
    {
        for (var length = encoded.Length; length > 0; length--)
        {
            for (var at = 0; at + length <= encoded.Length; at++)
            {
                if (shown.AsSpan().IndexOf(encoded.AsSpan(at, length), StringComparison.Ordinal) >= 0)
                {
                    return length;
                }
            }
        }

        return 0;
    }

    private static byte[] Pack(string text, Func<Stream, Stream> open)
    {
        using var packed = new MemoryStream();
        using (var packer = open(packed))
        {
            packer.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }
}
