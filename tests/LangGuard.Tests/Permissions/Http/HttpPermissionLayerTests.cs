using System.Text;

namespace LangGuard.Tests.Http;

public sealed class HttpPermissionLayerTests
{
    private static readonly Principal Alice = new("alice");

    [Theory]
    [InlineData("GET https://a.example/v1/{id}", "https://a.example/v1/42", true)]
    [InlineData("GET https://a.example/v1/{id}", "https://a.example/v1/", false)]
    [InlineData("GET https://a.example/v1/{id}", "https://a.example/v1/1/2", false)]
    [InlineData("GET https://a.example/v1/{id}", "https://a.example/v1/1%2f2", false)]
    [InlineData("GET https://a.example/v1/{id}", "https://a.example/v1/1%252f2", false)]
    [InlineData("GET https://a.example/v1/{id}", "https://a.example/v1/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    [InlineData("GET https://a.example/v1/{id:text(65)}", "https://a.example/v1/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true)]
    [InlineData("GET https://a.example/v1/{id:int}", "https://a.example/v1/42", true)]
    [InlineData("GET https://a.example/v1/{id:int}", "https://a.example/v1/4%32", true)]
    [InlineData("GET https://a.example/v1/{id:int}", "https://a.example/v1/4x", false)]
    [InlineData("GET https://a.example/v1/{id:uuid}", "https://a.example/v1/0f8fad5b-d9cb-469f-a165-70867728950e", true)]
    [InlineData("GET https://a.example/v1/{id:uuid}", "https://a.example/v1/secret", false)]
    [InlineData("GET https://a.example/{s:open|closed}", "https://a.example/open", true)]
    [InlineData("GET https://a.example/{s:open|closed}", "https://a.example/secret", false)]
    [InlineData("GET https://a.example/v1/**", "https://a.example/v1", true)]
    [InlineData("GET https://a.example/v1/**", "https://a.example/v1/a%2Fb/c", true)]
    [InlineData("GET https://a.example/v1/**", "https://a.example/v10", false)]
    [InlineData("GET https://a.example/v1/**", "https://a.example/V1/a", false)]
    [InlineData("GET https://a.example/v1/**", "https://a.example/v1%2fa", false)]
    [InlineData("GET https://a.example/**/c/{x}", "https://a.example/a/b/c/d/c/e", true)]
    [InlineData("GET https://a.example/**/c/{x}", "https://a.example/a/b/c", false)]
    [InlineData("GET https://a.example/caf%C3%A9", "https://a.example/caf\u00e9", true)]
    [InlineData("GET https://*.a.example/**", "https://b.a.example/", true)]
    [InlineData("GET https://*.a.example/**", "https://a.example/", false)]
    [InlineData("GET https://*.a.example/**", "https://ba.example/", false)]
    [InlineData("GET https://*/x", "https://anything.example/x", true)]
    [InlineData("GET https://a.example:8443/x", "https://a.example/x", false)]
    [InlineData("GET https://a.example/x", "http://a.example/x", false)]
    [InlineData("GET https://a.example/x", "https://a.example/x?q=1", false)]
    [InlineData("GET https://a.example/x query *", "https://a.example/x?q=1&r=2", true)]
    [InlineData("GET https://a.example/x query q,n:int", "https://a.example/x?q=a%20b&n=5&n=6", true)]
    [InlineData("GET https://a.example/x query q,n:int", "https://a.example/x?q=a&n=x", false)]
    [InlineData("GET https://a.example/x query n:int", "https://a.example/x?n=%2531", false)]
    [InlineData("GET https://a.example/x query q", "https://a.example/x?q=a;r=b", false)]
    [InlineData("GET https://a.example/x query q", "https://a.example/x?q=1&%71=2", true)]
    [InlineData("GET https://a.example/x query q", "https://a.example/x?q=1&Q=2", false)]
    [InlineData("GET https://a.example/x query q", "https://a.example/x?q=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    [InlineData("GET https://a.example/x query *", "https://a.example/x?_method=DELETE", false)]
    [InlineData("GET https://a.example/x query *", "https://a.example/x?%5Fmethod=delete", false)]
    [InlineData("GET https://a.example/x query *", "https://a.example/x?X-HTTP-Method-Override=PUT", false)]
    [InlineData("GET https://a.example/x query *", "https://a.example/x?_method=GET", true)]
    public void Matches_a_rule_in_every_reading_of_the_url(string rule, string url, bool allows) =>
        Decide(Policy(rule), "GET", url).IsAllowed.Should().Be(allows);

    [Theory]
    [InlineData("https://a.example/admin/keys")]
    [InlineData("https://a.example/ADMIN/Keys")]
    [InlineData("https://a.example//admin///keys")]
    [InlineData("https://a.example/admin;x=1/keys;y")]
    [InlineData("https://a.example/admin/keys/")]
    [InlineData("https://a.example/admin/keys.")]
    [InlineData("https://a.example/admin/keys%20")]
    [InlineData("https://a.example/admin%2fkeys")]
    [InlineData("https://a.example/admin%252fkeys")]
    [InlineData("https://a.example/%61dmin/k%65ys")]
    [InlineData("https://a.example/admin%EF%BC%8Fkeys")]
    public void Denies_every_spelling_of_a_denied_endpoint(string url)
    {
        var policy = Policy("* https://a.example/** query *", "* https://*/** query *", "deny https://a.example/admin/keys");

        Decide(policy, "GET", url).Reason!.Rule.Should().Be("http.denied-endpoint");
        Decide(policy, "GET", "https://a.example/admin/other").IsAllowed.Should().BeTrue();
    }

    [Fact]
    public void Denies_a_suffix_even_where_a_host_is_granted()
    {
        var policy = Policy("GET https://api.a.example/**", "deny GET https://*.a.example/**");

        Decide(policy, "GET", "https://api.a.example/x").Reason!.Rule.Should().Be("http.denied-endpoint");
    }

    [Theory]
    [InlineData("POST https://a.example/**", "https://a.example/v1/$batch", "http.disguised-method")]
    [InlineData("POST https://a.example/**", "https://a.example/v1/%24batch", "http.disguised-method")]
    [InlineData("POST https://a.example/**", "https://a.example/_bulk", "http.disguised-method")]
    [InlineData("POST https://a.example/v1/$batch", "https://a.example/v1/$batch", null)]
    [InlineData("POST https://a.example/**", "https://a.example/v1/batches", null)]
    public void Grants_batch_endpoints_by_name_only(string rule, string url, string? reason) =>
        Decide(Policy(rule), "POST", url).Reason?.Rule.Should().Be(reason);

    [Fact]
    public async Task Denies_a_delete_in_a_form()
    {
        await using var world = await HttpWorld.StartAsync(_ => Task.CompletedTask, "POST {api}/**");
        Task<HttpResponseMessage> Post(string body, string type) =>
            world.Client.PostAsync($"{world.Api}/x", new StringContent(body, Encoding.UTF8, type));

        foreach (var (body, type) in new[]
        {
            ("a=b&_method=DELETE", "application/x-www-form-urlencoded"),
            ("a=b&%5fmethod=delete", "application/x-www-form-urlencoded"),
            ("{\"_method\":\"DELETE\"}", "application/json"),
            ("--b\r\nContent-Disposition: form-data; name=\"_method\"\r\n\r\nDELETE\r\n--b--", "multipart/form-data"),
            ("--b\r\n\r\nDELETE /x HTTP/1.1\r\n--b--", "multipart/mixed"),
        })
        {
            (await FluentActions.Awaiting(() => Post(body, type)).Should().ThrowAsync<AccessDeniedException>(type + body))
                .Which.Decision.Reason!.Rule.Should().Be("http.disguised-method");
        }

        (await Post("a=the _method", "application/x-www-form-urlencoded")).IsSuccessStatusCode.Should().BeTrue();
        (await Post("{\"text\":\"_method\"}", "application/json")).IsSuccessStatusCode.Should().BeTrue();
    }

    [Fact]
    public async Task Denies_headers_that_are_not_listed()
    {
        await using var world = await HttpWorld.StartAsync(
            _ => Task.CompletedTask, "GET {api}/plain", "GET {api}/listed header X-Tenant", "GET {api}/any header *");
        async Task<string?> Send(string path, string header)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, world.Api + path) { Headers = { { header, "v" } } };
            try
            {
                using var response = await world.Client.SendAsync(request);
                return null;
            }
            catch (AccessDeniedException denial)
            {
                return denial.Decision.Reason!.Rule;
            }
        }

        (await Send("/plain", "X-Tenant")).Should().Be("http.header");
        (await Send("/plain", "Accept-Language")).Should().BeNull();
        (await Send("/listed", "x-tenant")).Should().BeNull();
        (await Send("/listed", "X-Other")).Should().Be("http.header");
        (await Send("/any", "X-Other")).Should().BeNull();
        (await Send("/any", "X-Forwarded-For")).Should().Be("http.forbidden-header");
    }

    [Fact]
    public void Takes_the_grant_of_the_most_specific_rule()
    {
        var policy = Policy(
            "GET https://*/** max-response 1KiB", "GET https://a.example/** max-response 2KiB",
            "GET https://a.example/v1/{id} max-response 3KiB", "GET https://a.example/v1/one max-response 4KiB");

        long? Limit(string url) => (Decide(policy, "GET", url).Grant as LangGuard.Permissions.HttpGrant)?.MaxResponseBytes / 1024;

        Limit("https://b.example/").Should().Be(1);
        Limit("https://a.example/").Should().Be(2);
        Limit("https://a.example/v1/two").Should().Be(3);
        Limit("https://a.example/v1/one").Should().Be(4);
    }

    [Fact]
    public void Says_which_rule_would_help()
    {
        var policy = Policy("GET https://a.example/x");

        Decide(policy, "GET", "https://a.example/y").Reason!.Rule.Should().Be("http.endpoint");
        Decide(policy, "POST", "https://a.example/x").Reason!.Rule.Should().Be("http.method");
        Decide(policy, "GET", "https://a.example/x?a=b").Reason!.Rule.Should().Be("http.query");
        Decide(policy, "GET", "https://a.example/..;/x").Reason!.Rule.Should().Be("http.url");
    }

    private static Policy Policy(params string[] rules) => LangGuard.Policy.Create(guard => guard.LimitPermissions(allow =>
    {
        foreach (var rule in rules)
        {
            allow.Http(rule);
        }
    }));

    private static Decision Decide(Policy policy, string method, string url)
    {
        using var session = GuardSession.Create(policy, Alice);
        return policy.Decide(new HttpOperation(Alice, Effects.Read, method, new Uri(url)), session);
    }
}
