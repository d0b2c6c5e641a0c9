using System.Diagnostics;
using LangGuard.Ablation;
using LangGuard.Http;
using LangGuard.Permissions;

namespace LangGuard.Tests.Http;

/// <summary>The look at a URL just before it leaves agrees with the canonicalizer, which it shares nothing with.</summary>
public sealed class WireUrlTests
{
    [Theory]
    [InlineData("https://api.contoso.test/")]
    [InlineData("https://api.contoso.test/.well-known/openid-configuration")]
    [InlineData("https://api.contoso.test/v1/..notes/a...b/c.")]
    [InlineData("https://api.contoso.test/v1/files/a%20b")]
    [InlineData("https://api.contoso.test/v1/.%41bc")]
    [InlineData("https://api.contoso.test/v1;version=2/items?next=../x&q=%2e%2e")]
    [InlineData("https://api.contoso.test/v1/%C3%A9t%C3%A9")]
    [InlineData("https://api.contoso.test:8443//double")]
    public void Finds_nothing_in_what_has_a_canonical_form(string url)
    {
        UrlCanonicalizer.Create(new Uri(url), out _).Should().NotBeNull();

        WireUrl.Problem(UrlCanonicalizer.Create(new Uri(url), out _)!).Should().Be(UrlProblem.None);
    }

    [Theory]
    [InlineData("https://user:pw@api.contoso.test/")]
    [InlineData("https://api.contoso.test/v1/..%2fprivate")]
    [InlineData("https://api.contoso.test/v1/..%5cprivate")]
    [InlineData("https://api.contoso.test/v1/%252e%252e/private")]
    [InlineData("https://api.contoso.test/v1/..;/private")]
    [InlineData("https://api.contoso.test/v1/..;x=1/private")]
    [InlineData("https://api.contoso.test/v1/x%00")]
    [InlineData("https://api.contoso.test/v1/%c0%ae%c0%ae/private")]
    public void Refuses_what_the_platform_would_send_as_it_reads_it(string url) =>
        WireUrl.Problem(UrlAsRead.Create(new Uri(url))!).Should().NotBe(UrlProblem.None);

    [Fact]
    public void Looking_again_allocates_nothing()
    {
        var policy = Policy.Create(guard => guard.LimitPermissions(allow => allow
            .Http("GET https://api.contoso.test/v1/{id:int}").Http("deny GET https://api.contoso.test/v1/13")));
        var operation = new HttpOperation(new Principal("ada"), Effects.Read, "GET", new Uri("https://api.contoso.test/v1/12"));
        using var session = GuardSession.Create(policy, new Principal("ada"));
        var rule = ((HttpGrant)policy.Decide(operation, session).Grant!).Rules.Single();
        var url = UrlCanonicalizer.Create(operation.Url, out _)!;
        // What the compiler has not optimised yet may allocate; it does so in the background.
        var allocated = long.MaxValue;
        for (var watch = Stopwatch.StartNew(); allocated != 0 && watch.Elapsed < TimeSpan.FromMinutes(1);)
        {
            var passed = 0;
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1_000; i++)
            {
                passed += WireUrl.Problem(url) == UrlProblem.None && HttpRuleIndex.StillGrants(rule, operation) ? 1 : 0;
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            passed.Should().Be(1_000);
        }

        allocated.Should().Be(0);
    }

    [Fact]
    public void Agrees_with_the_canonicalizer_on_random_paths()
    {
        const string letters = "ab./;%2e25fF5c\\~-_ ";
        var random = new Random(20261123);
        for (var i = 0; i < 200_000; i++)
        {
            var path = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => letters[random.Next(letters.Length)]));
            if (Uri.TryCreate($"https://api.contoso.test/{path}", UriKind.Absolute, out var uri)
                && UrlCanonicalizer.Create(uri, out _) is { } url && WireUrl.Problem(url) is var problem and not UrlProblem.None)
            {
                Assert.Fail($"{uri.OriginalString} has a canonical form, but is refused ({problem}).");
            }
        }
    }
}
