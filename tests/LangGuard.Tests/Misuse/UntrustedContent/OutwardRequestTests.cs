using System.Text;
using LangGuard.Http;
using LangGuard.Permissions;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Misuse.UntrustedContent;

public sealed class OutwardRequestTests
{
    private static GuardSession SessionOf(string words, params string[] rules)
    {
        var session = GuardSession.Create(
            Policy.Create(policy => policy.LimitPermissions(allow =>
            {
                foreach (var rule in rules)
                {
                    allow.Http(rule);
                }
            })),
            Operations.Alice);
        session.AddUserMessage(words);
        session.MarkUntrusted();
        return session;
    }

    private static HttpOperation Request(string method, string url, string? json = null)
    {
        var verb = HttpVerbNames.Parse(method);
        var canonical = UrlCanonicalizer.Create(new Uri(url), out _)!;
        var body = json is null ? null : new RequestBody(Encoding.UTF8.GetBytes(json), true, "application/json");
        var message = new EgressRequest(HttpVerbNames.ToMethod(verb), canonical);
        if (json is not null)
        {
            message.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        return new HttpOperation(Operations.Alice, verb, canonical, message, body);
    }

    private static string? RuleOf(GuardSession session, HttpOperation request, string? answer = null)
    {
        var result = session.TryAuthorize(request);
        if (result.IsAllowed)
        {
            result.Permit.BeginResult();
            result.Permit.Observe(answer ?? string.Empty);
            result.Permit.Complete(OperationOutcome.Success());
        }

        return result.Decision.Reason?.Rule;
    }

    [Theory]
    [InlineData("GET https://api.test/v1/orders query page:int", "page", 1)]
    [InlineData("GET https://api.test/v1/orders query page", "page", 1)]
    [InlineData("GET https://api.test/v1/orders query *", "page", 1)]
    [InlineData("GET https://api.test/v1/orders query *", "offset", 20)]
    public void Sixty_pages_ask_nothing(string rule, string key, int step)
    {
        using var session = SessionOf("List all orders", rule);
        for (var i = 0; i < 60; i++)
        {
            RuleOf(session, Request("GET", $"https://api.test/v1/orders?{key}={i * step}"), """{"items":[{"id":"A17"}]}""").Should().BeNull();
        }
    }

    [Fact]
    public void A_cursor_that_the_same_site_gave_is_no_secret()
    {
        using var session = SessionOf("List all orders", "GET https://api.test/v1/orders query cursor:text(200)");
        RuleOf(session, Request("GET", "https://api.test/v1/orders"), """{"next":"eyJvZmZzZXQiOjIwfQ=="}""").Should().BeNull();
        RuleOf(session, Request("GET", "https://api.test/v1/orders?cursor=eyJvZmZzZXQiOjIwfQ%3D%3D")).Should().BeNull();
        RuleOf(session, Request("GET", "https://api.test/v1/orders?cursor=c2VjcmV0LXRva2Vu")).Should().Be("untrusted.outgoing");
    }

    [Theory]
    [InlineData("https://api.test/weather?q=Paris", null)]
    [InlineData("https://api.test/weather?q=weather%20in%20Paris", null)]
    [InlineData("https://api.test/weather?q=hunter2", "untrusted.outgoing")]
    [InlineData("https://api.test/weather?q=aHVudGVyMg", "untrusted.outgoing")]
    [InlineData("https://api.test/weather?q=68756e74657232", "untrusted.outgoing")]
    [InlineData("https://api.test/weather?q=2retnuh", "untrusted.outgoing")]
    [InlineData("https://api.test/weather?q=hun", "untrusted.outgoing")]
    [InlineData("https://api.test/weather?q=Paris+hunter2", "untrusted.outgoing")]
    [InlineData("https://api.test/weather?q=%68unter2", "untrusted.outgoing")]
    [InlineData("https://api.test/weather?q=918273645", "untrusted.outgoing")]
    public void Content_from_elsewhere_does_not_leave_in_a_query(string url, string? rule)
    {
        using var session = SessionOf("What is the weather in Paris?", "GET https://api.test/weather query q:text(200)");
        RuleOf(session, Request("GET", url)).Should().Be(rule);
    }

    [Fact]
    public void What_one_site_said_does_not_go_to_another()
    {
        using var session = SessionOf("Compare", "GET https://a.test/x/** query q", "GET https://b.test/x/** query q");
        RuleOf(session, Request("GET", "https://a.test/x"), "the code is hunter2").Should().BeNull();
        RuleOf(session, Request("GET", "https://a.test/x/hunter2")).Should().BeNull();
        RuleOf(session, Request("GET", "https://b.test/x/hunter2")).Should().Be("untrusted.outgoing");
        RuleOf(session, Request("GET", "https://b.test/x?q=hunter2")).Should().Be("untrusted.outgoing");
    }

    [Fact]
    public void Typed_slots_are_no_free_part()
    {
        using var session = SessionOf("Look", "GET https://api.test/v1/orders/{id:int}");
        RuleOf(session, Request("GET", "https://api.test/v1/orders/4711")).Should().BeNull();
    }

    [Fact]
    public void Bodies_carry_what_the_user_said_and_numbers_where_the_shape_is_fixed()
    {
        const string Schema = """{"type":"object","properties":{"total":{"type":"number"},"note":{"type":"string"}},"additionalProperties":false}""";
        using var session = GuardSession.Create(
            Policy.Create(policy => policy.LimitPermissions(allow => allow.Http("POST https://hooks.test/summary", rule => rule.JsonBody(Schema)))),
            Operations.Alice);
        session.AddUserMessage("Post the total, with the note 'monthly figures'.");
        session.MarkUntrusted();
        RuleOf(session, Request("POST", "https://hooks.test/summary", """{"total":1234.5}""")).Should().BeNull();
        RuleOf(session, Request("POST", "https://hooks.test/summary", """{"total":1,"note":"monthly figures"}""")).Should().BeNull();
        RuleOf(session, Request("POST", "https://hooks.test/summary", """{"note":"card 4111"}""")).Should().Be("untrusted.outgoing");
    }

    [Fact]
    public void Deleting_needs_the_users_own_words()
    {
        using var session = SessionOf("Delete order 17.", "DELETE https://api.test/v1/orders/{id:int}");
        RuleOf(session, Request("DELETE", "https://api.test/v1/orders/17")).Should().BeNull();
        RuleOf(session, Request("DELETE", "https://api.test/v1/orders/18")).Should().Be("untrusted.destructive");
    }

    [Fact]
    public void A_header_is_a_free_part()
    {
        using var session = SessionOf("Look", "GET https://api.test/x header *");
        var url = UrlCanonicalizer.Create(new Uri("https://api.test/x"), out _)!;
        var request = new EgressRequest(HttpMethod.Get, url) { HasHeaders = true };
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        RuleOf(session, new HttpOperation(Operations.Alice, HttpVerbs.Get, url, request, null)).Should().BeNull();
        request.Headers.TryAddWithoutValidation("X-Trace", "hunter2");
        RuleOf(session, new HttpOperation(Operations.Alice, HttpVerbs.Get, url, request, null)).Should().Be("untrusted.outgoing");
    }

    [Theory]
    [InlineData("\"look\"", null)]
    [InlineData("\"hunter2\"", "untrusted.outgoing")]
    public void A_mark_of_a_page_that_was_read_is_one_that_is_known(string mark, string? rule)
    {
        using var session = SessionOf("Look", "GET https://api.test/x");
        var url = UrlCanonicalizer.Create(new Uri("https://api.test/x"), out _)!;
        var request = new EgressRequest(HttpMethod.Get, url) { HasHeaders = true };
        request.Headers.TryAddWithoutValidation("If-None-Match", mark);
        RuleOf(session, new HttpOperation(Operations.Alice, HttpVerbs.Get, url, request, null)).Should().Be(rule);
    }

    [Theory]
    [InlineData("page=67&limit=83", null)]
    [InlineData("page=67&p=83&limit=69&size=82&offset=69&start=84", "untrusted.outgoing")]
    public void A_page_and_its_size_are_fine_and_more_numbers_could_spell_a_secret(string query, string? rule)
    {
        using var session = SessionOf("List all orders", "GET https://api.test/v1/orders query *");
        RuleOf(session, Request("GET", "https://api.test/v1/orders?" + query)).Should().Be(rule);
    }
}
