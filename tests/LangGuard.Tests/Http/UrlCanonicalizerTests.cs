using CsCheck;
using LangGuard.Http;

namespace LangGuard.Tests.Http;

public sealed class UrlCanonicalizerTests
{
    private static readonly UriCreationOptions Raw = new() { DangerousDisablePathAndQueryCanonicalization = true };

    [Theory]
    [InlineData("https://API.Example.com./a", "https://api.example.com/a")]
    [InlineData("HTTPS://api.example.com:443/a", "https://api.example.com/a")]
    [InlineData("https://api.example.com:/a", "https://api.example.com/a")]
    [InlineData("https://api.example.com", "https://api.example.com/")]
    [InlineData("http://api.example.com:8080/a?b=c#d", "http://api.example.com:8080/a?b=c")]
    [InlineData("https://b\u00fccher.example/", "https://xn--bcher-kva.example/")]
    [InlineData("https://[2606:4700:0::1111]/", "https://[2606:4700::1111]/")]
    [InlineData("https://a.example/x/../y", "https://a.example/y")]
    [InlineData("https://a.example/%7Euser/%70", "https://a.example/~user/p")]
    [InlineData("https://a.example/a b", "https://a.example/a%20b")]
    public void Gives_one_form(string written, string canonical)
    {
        var url = UrlCanonicalizer.Create(new Uri(written), out _)!;

        url.ToString().Should().Be(canonical);
        url.Uri.PathAndQuery.Should().Be(url.Target.ToString());
        url.Uri.IdnHost.Trim('[', ']').Should().Be(url.Host.Trim('[', ']'));
    }

    [Theory]
    [InlineData("https://user@a.example/", nameof(UrlProblem.UserInfo))]
    [InlineData("https://user:pw@a.example/", nameof(UrlProblem.UserInfo))]
    [InlineData("https://@a.example/", nameof(UrlProblem.UserInfo))]
    [InlineData("https://a.example/x\\y", nameof(UrlProblem.Backslash))]
    [InlineData("http://2130706433/", nameof(UrlProblem.NumericHost))]
    [InlineData("http://0x08080808/", nameof(UrlProblem.NumericHost))]
    [InlineData("http://010.8.8.8/", nameof(UrlProblem.NumericHost))]
    [InlineData("http://8.8.8/", nameof(UrlProblem.NumericHost))]
    [InlineData("http://8.8.8.8./", nameof(UrlProblem.NumericHost))]
    [InlineData("http://a.0x7f/", nameof(UrlProblem.NumericHost))]
    [InlineData("http://127\u30020\u30020\u30021/", nameof(UrlProblem.NumericHost))]
    [InlineData("http://[::1].example.com/", nameof(UrlProblem.Authority))]
    [InlineData("http://[2606:4700::1111].example.com/", nameof(UrlProblem.Authority))]
    [InlineData("http://a.example:0/", nameof(UrlProblem.Port))]
    [InlineData("https://a.example/..;/x", nameof(UrlProblem.DotSegment))]
    [InlineData("https://a.example/%252e%252e/x", nameof(UrlProblem.DotSegment))]
    [InlineData("https://a.example/a%2f..%2fb", nameof(UrlProblem.DotSegment))]
    [InlineData("https://a.example/..%20/x", nameof(UrlProblem.DotSegment))]
    [InlineData("https://a.example/%EF%BC%8E%EF%BC%8E/x", nameof(UrlProblem.DotSegment))]
    [InlineData("https://a.example/%E2%80%A5/x", nameof(UrlProblem.DotSegment))]
    [InlineData("https://a.example/%5c", nameof(UrlProblem.Backslash))]
    [InlineData("https://a.example/%EF%BC%BC", nameof(UrlProblem.Backslash))]
    [InlineData("https://a.example/%00", nameof(UrlProblem.Control))]
    [InlineData("https://a.example/%0d%0aX", nameof(UrlProblem.Control))]
    [InlineData("https://a.example/%c2%85", nameof(UrlProblem.Control))]
    [InlineData("https://a.example/%c0%ae", nameof(UrlProblem.Encoding))]
    [InlineData("https://a.example/%ff", nameof(UrlProblem.Encoding))]
    [InlineData("https://a.example/%u002e", nameof(UrlProblem.Escape))]
    [InlineData("https://a.example/%2525252525", nameof(UrlProblem.TooManyLayers))]
    [InlineData("ftp://a.example/", nameof(UrlProblem.Scheme))]
    [InlineData("file:///etc/passwd", nameof(UrlProblem.Scheme))]
    [InlineData("https://a.example/\u0085", nameof(UrlProblem.Control))]
    public void Refuses_what_parsers_disagree_on(string written, string problem) =>
        Problem(new Uri(written)).Should().Be(Enum.Parse<UrlProblem>(problem));

    [Theory]
    [InlineData("http://a.example/x\r\nX-Injected: 1", nameof(UrlProblem.Control))]
    [InlineData("http://a.example/a b", nameof(UrlProblem.Control))]
    [InlineData("http://a.example/a/../b", nameof(UrlProblem.DotSegment))]
    [InlineData("http://a.example/a/%2e%2e/b", nameof(UrlProblem.DotSegment))]
    [InlineData("http://a.example/a\\b", nameof(UrlProblem.Backslash))]
    [InlineData("http://a.example/%zz", nameof(UrlProblem.Escape))]
    [InlineData("http://a.example/a?b=%zz", nameof(UrlProblem.Escape))]
    public void Refuses_a_uri_that_was_not_canonicalized(string written, string problem) =>
        Problem(new Uri(written, Raw)).Should().Be(Enum.Parse<UrlProblem>(problem));

    [Fact]
    public void Refuses_relative_and_missing_uris()
    {
        Problem(null).Should().Be(UrlProblem.NotAbsolute);
        Problem(new Uri("/a", UriKind.Relative)).Should().Be(UrlProblem.NotAbsolute);
        Problem(new DerivedUri("https://a.example/")).Should().Be(UrlProblem.NotAbsolute);
    }

    [Fact]
    public void Refuses_long_urls_and_names()
    {
        Try($"https://a.example/{new string('a', 9000)}").Should().Be(UrlProblem.TooLong);
        Try($"https://{string.Join('.', Enumerable.Repeat("abcdefgh", 28))}.example/").Should().Be(UrlProblem.HostName);
    }

    [Fact]
    public void Turns_every_late_exception_of_the_platform_into_a_refusal()
    {
        // Names that Uri accepts and whose ASCII form it then refuses or rewrites.
        foreach (var odd in "\uFF0F\uFF1F\uFF03\uFF20\uFF1A\u2100\u2024\u200D\u2488\u3002\u00AD\u2060")
        {
            if (Uri.TryCreate($"https://a{odd}b.example/", UriKind.Absolute, out var uri))
            {
                var create = () => UrlCanonicalizer.Create(uri, out _);
                create.Should().NotThrow($"U+{(int)odd:X4}");
            }
        }
    }

    [Fact]
    public void Matches_on_exactly_what_the_platform_sends()
    {
        const string alphabet = "ab/.?-_~!$&'()*+,;=:@%41";
        Gen.String[Gen.Char[alphabet], 0, 12].Sample(text =>
        {
            var uri = new Uri("https://a.example/" + text);
            var url = UrlCanonicalizer.Create(uri, out var problem);
            return url is null ? problem != UrlProblem.None : url.Target.SequenceEqual(uri.PathAndQuery);
        });
    }

    private static UrlProblem Try(string written) => Problem(new Uri(written));

    private static UrlProblem Problem(Uri? uri)
    {
        var url = UrlCanonicalizer.Create(uri, out var problem);
        (url is null).Should().Be(problem != UrlProblem.None);
        return problem;
    }

    private sealed class DerivedUri(string text) : Uri(text);
}
