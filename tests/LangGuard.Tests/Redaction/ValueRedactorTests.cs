using System.IO.Compression;
using System.Net;
using System.Text;
using LangGuard.Redaction;

namespace LangGuard.Tests.Redaction;

public sealed class ValueRedactorTests
{
    private const string Secret = "canary-7f3A+9/k=ü \"q\"";
    private readonly TextRedaction _redaction = new([new ValueRedactor([Secret])]);

    public static TheoryData<string> Encodings => new()
    {
        Secret,
        Reverse(Secret),
        Convert.ToHexString(Encoding.UTF8.GetBytes(Secret)),
        Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Secret)),
        string.Join(':', Encoding.UTF8.GetBytes(Secret).Select(b => b.ToString("X2"))),
        Uri.EscapeDataString(Secret),
        WebUtility.UrlEncode(Secret),
        Uri.EscapeDataString(Uri.EscapeDataString(Secret)),
        string.Concat(Encoding.UTF8.GetBytes(Secret).Select(b => $"%{b:x2}")),
        WebUtility.HtmlEncode(Secret),
        System.Text.Json.JsonEncodedText.Encode(Secret).ToString(),
        Convert.ToBase64String(Encoding.Unicode.GetBytes(Secret)),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Reverse(Secret))),
        Reverse(Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))),
        Convert.ToBase64String(Gzip("before " + Secret + " after")),
        Convert.ToHexStringLower(Gzip("before " + Secret + " after")),
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Hides_a_value_in_every_encoding(string encoded)
    {
        var shown = _redaction.Apply($"before {encoded} after");
        shown.Should().StartWith("before ").And.EndWith(" after").And.Contain("[langguard redacted: value]");
        shown.Should().NotContain(encoded[1..^1]);
    }

    [Fact]
    public void Hides_a_value_in_base64_at_any_place()
    {
        for (var before = 0; before < 9; before++)
        {
            for (var after = 0; after < 4; after++)
            {
                var bytes = Encoding.UTF8.GetBytes(new string('a', before) + Secret + new string('z', after));
                foreach (var text in new[] { Convert.ToBase64String(bytes), System.Buffers.Text.Base64Url.EncodeToString(bytes) })
                {
                    _redaction.Apply(text).Should().Contain("[langguard redacted: value]").And.HaveLength(
                        _redaction.Apply(text).Length);
                }
            }
        }
    }

    [Fact]
    public void Text_that_looks_packed_but_is_not_stays() =>
        _redaction.Apply("H4sIAAAAnotreally and 1f8b08zz").Should().Be("H4sIAAAAnotreally and 1f8b08zz");

    [Fact]
    public void A_packed_bomb_costs_little()
    {
        var bomb = Convert.ToBase64String(Gzip(new string('a', 50_000_000)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        _redaction.Apply(bomb).Should().Be(bomb);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(8_000_000);
    }

    [Fact]
    public void A_value_too_short_to_tell_apart_is_an_error()
    {
        var act = () => Policy.Create(policy => policy.DefendInDepth(defense => defense.RedactValues("abc")));
        act.Should().Throw<PolicyValidationException>().Which.Message.Should().NotContain("abc");
    }

    private static string Reverse(string text) => new([.. text.Reverse()]);

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }
}
