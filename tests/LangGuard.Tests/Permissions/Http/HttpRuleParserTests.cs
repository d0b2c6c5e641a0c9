using LangGuard.Permissions;

namespace LangGuard.Tests.Http;

public sealed class HttpRuleParserTests
{
    [Theory]
    [InlineData("")]
    [InlineData("GET")]
    [InlineData("GET api.example.com/v1")]
    [InlineData("FETCH https://api.example.com/v1")]
    [InlineData("TRACE https://api.example.com/v1")]
    [InlineData("CONNECT https://api.example.com/v1")]
    [InlineData("GET,,POST https://api.example.com/v1")]
    [InlineData("GET ftp://api.example.com/v1")]
    [InlineData("GET https://api.example.com")]
    [InlineData("GET https:///v1")]
    [InlineData("GET https://api.example.com:0/v1")]
    [InlineData("GET https://api.example.com:65536/v1")]
    [InlineData("GET https://api.example.com:x/v1")]
    [InlineData("GET https://user@api.example.com/v1")]
    [InlineData("GET https://api%2eexample.com/v1")]
    [InlineData("GET https://*example.com/v1")]
    [InlineData("GET https://api.*.example.com/v1")]
    [InlineData("GET https://api.example.*/v1")]
    [InlineData("GET https://*.com/v1")]
    [InlineData("GET https://*.co.uk/v1")]
    [InlineData("GET https://*.github.io/v1")]
    [InlineData("GET https://*.s3.amazonaws.com/v1")]
    [InlineData("GET https://*.amazonaws.com/v1")]
    [InlineData("GET https://*.s3.eu-north-1.amazonaws.com/v1")]
    [InlineData("GET https://*.azurewebsites.net/v1")]
    [InlineData("GET https://*.blob.core.windows.net/v1")]
    [InlineData("GET https://*.herokuapp.com/v1")]
    [InlineData("GET https://*.foo.ck/v1")]
    [InlineData("GET https://*.127.0.0.1/v1")]
    [InlineData("GET https://2130706433/v1")]
    [InlineData("GET https://api.example.com/v1?x=1")]
    [InlineData("GET https://api.example.com/v1#x")]
    [InlineData("GET https://api.example.com/v1/../v2")]
    [InlineData("GET https://api.example.com/v1/%2e%2e")]
    [InlineData("GET https://api.example.com/v1/a%2fb")]
    [InlineData("GET https://api.example.com/v1/a*")]
    [InlineData("GET https://api.example.com/v1/{id")]
    [InlineData("GET https://api.example.com/v1/{id:blob}")]
    [InlineData("GET https://api.example.com/v1/{id:text(0)}")]
    [InlineData("GET https://api.example.com/v1/{id}/{id}")]
    [InlineData("GET https://api.example.com/v1 query")]
    [InlineData("GET https://api.example.com/v1 query a,,b")]
    [InlineData("GET https://api.example.com/v1 query a:blob")]
    [InlineData("GET https://api.example.com/v1 query a,a")]
    [InlineData("GET https://api.example.com/v1 header Host")]
    [InlineData("GET https://api.example.com/v1 header X-HTTP-Method-Override")]
    [InlineData("GET https://api.example.com/v1 header X-Forwarded-For")]
    [InlineData("GET https://api.example.com/v1 header x_http_method_override")]
    [InlineData("GET https://api.example.com/v1 header a:b")]
    [InlineData("GET https://api.example.com/v1 max-response 10XB")]
    [InlineData("GET https://api.example.com/v1 max-response 0")]
    [InlineData("GET https://api.example.com/v1 timeout 10")]
    [InlineData("GET https://api.example.com/v1 rate 10")]
    [InlineData("GET https://api.example.com/v1 rate 10/day")]
    [InlineData("GET https://api.example.com/v1 concurrency 0")]
    [InlineData("GET https://api.example.com/v1 type json")]
    [InlineData("GET https://api.example.com/v1 type */*")]
    [InlineData("GET https://api.example.com/v1 private 8.8.8.0/24")]
    [InlineData("GET https://api.example.com/v1 private 0.0.0.0/0")]
    [InlineData("GET https://api.example.com/v1 private 169.254.0.0/16")]
    [InlineData("GET https://*/v1 private 10.0.0.0/8")]
    [InlineData("GET https://*/v1 inject key")]
    [InlineData("GET https://api.example.com/v1 timeout 1s timeout 2s")]
    [InlineData("GET https://api.example.com/v1 whatever")]
    [InlineData("deny GET https://api.example.com/v1 query *")]
    [InlineData("GET https://api.example.com/v1\nGET https://evil.com/**")]
    public void Refuses_what_has_no_meaning(string text)
    {
        var parse = () => HttpRuleParser.Parse("r", text);

        parse.Should().Throw<HttpRuleSyntaxException>().WithMessage("At column *: expected *");
    }

    [Theory]
    [InlineData("GET https://api.example.com/v1/{id:blob}", "At column 36: expected a type:*")]
    [InlineData("GET https://*.github.io/x", "At column 13: expected a suffix that one owner controls; anyone can get a name below 'github.io'*")]
    [InlineData("GET https://api.example.com", "At column 28: expected a path: '/\\*\\*' grants every path*")]
    [InlineData("GET https://api.example.com/ whatever", "At column 30: expected 'query', 'header'*")]
    public void Says_where_and_what_was_expected(string text, string message)
    {
        var parse = () => HttpRuleParser.Parse("r", text);

        parse.Should().Throw<HttpRuleSyntaxException>().Which.Message
            .Should().Match(message.Replace("\\*", "?", StringComparison.Ordinal));
    }

    [Fact]
    public void Reads_every_clause()
    {
        var rule = HttpRuleParser.Parse("r", "allow GET,post https://api.example.com:8443/v1/{id:int}/** query page:int,q:text(200) "
            + "header X-Tenant type application/json max-response 2MiB max-content 8MiB max-body 64KiB timeout 30s idle 5s "
            + "rate 60/min concurrency 4 events 10 private 10.2.0.0/16,fd12::/16 inject key trusted");

        rule.Verbs.Should().Be(HttpVerbs.Get | HttpVerbs.Post);
        rule.Port.Should().Be(8443);
        rule.Host.Exact.Should().Be("api.example.com");
        rule.CredentialBinding.Should().Be("key");
        rule.Grant.Trusted.Should().BeTrue();
        rule.Grant.MaxResponseBytes.Should().Be(2 * 1024 * 1024);
        rule.Grant.MaxContentBytes.Should().Be(8 * 1024 * 1024);
        rule.Grant.MaxRequestBytes.Should().Be(64 * 1024);
        rule.Grant.PrivateNetworks.Should().HaveCount(2);
        rule.Grant.Limits.Should().BeEquivalentTo(new
        {
            TotalTimeout = TimeSpan.FromSeconds(30),
            IdleTimeout = TimeSpan.FromSeconds(5),
            Rate = 60,
            MaxConcurrency = 4,
            MaxEvents = 10,
        });
    }

    [Theory]
    [InlineData("https://api.example.com/", HttpVerbs.Get | HttpVerbs.Head)]
    [InlineData("*read https://api.example.com/", HttpVerbs.Read)]
    [InlineData("*write https://api.example.com/", HttpVerbs.Write)]
    [InlineData("* https://api.example.com/", HttpVerbs.All)]
    [InlineData("deny https://api.example.com/", HttpVerbs.All)]
    internal void Knows_classes_of_methods(string text, HttpVerbs verbs) => HttpRuleParser.Parse("r", text).Verbs.Should().Be(verbs);

    [Theory]
    [InlineData("*.example.com")]
    [InlineData("*.s3.us-east-1.example-cloud.com")]
    [InlineData("*.wikipedia.org")]
    [InlineData("*.internal.example.co.uk")]
    [InlineData("*.www.ck")]
    public void Accepts_suffixes_with_one_owner(string host) =>
        HttpRuleParser.Parse("r", $"https://{host}/**").Host.Suffix.Should().Be(host[2..]);

    [Fact]
    public void Reports_every_bad_rule_at_once()
    {
        var build = () => Policy.Create(guard => guard.LimitPermissions(allow => allow
            .Http("GET https://*.github.io/x").Http("FETCH https://a.example/").Http("GET https://ok.example/")));

        build.Should().Throw<PolicyValidationException>().Which.Errors.Should().HaveCount(2);
    }
}
