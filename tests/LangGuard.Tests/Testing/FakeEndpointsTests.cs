using System.Net;
using System.Text;
using LangGuard.Testing;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Testing;

public sealed class FakeEndpointsTests
{
    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task What_the_guard_lets_through_is_answered_and_nothing_else_arrives(string scheme)
    {
        using var fakes = new FakeEndpoints()
            .Respond("GET", $"{scheme}://api.contoso.test/v1/orders/7", """{"id":7}""")
            .Respond("POST", $"{scheme}://api.contoso.test/v1/notes", request => new FakeResponse(HttpStatusCode.Created, request.Body));
        using var session = Session(fakes, null, $"GET {scheme}://api.contoso.test/v1/orders/{{id:int}} trusted", $"POST {scheme}://api.contoso.test/v1/notes body json trusted");

        (await session.HttpClient.GetStringAsync($"{scheme}://api.contoso.test/v1/orders/7")).Should().Be("""{"id":7}""");
        using var content = new StringContent("""{"text":"hi"}""", Encoding.UTF8, "application/json");
        using var created = await session.HttpClient.PostAsync($"{scheme}://api.contoso.test/v1/notes", content);
        created.StatusCode.Should().Be(HttpStatusCode.Created);
        (await created.Content.ReadAsStringAsync()).Should().Be("""{"text":"hi"}""");
        await GuardAssert.DeniedAsync("http.endpoint", () => session.HttpClient.GetAsync($"{scheme}://evil.test/"));

        fakes.Requests.Select(request => $"{request.Method} {request.Url}").Should().Equal(
            $"GET {scheme}://api.contoso.test/v1/orders/7", $"POST {scheme}://api.contoso.test/v1/notes");
    }

    [Fact]
    public async Task A_redirect_and_a_private_address_are_judged_as_in_earnest()
    {
        var resolver = new InMemoryAddressResolver().Add("api.contoso.test", "93.184.215.14").Add("inside.test", "10.0.0.5");
        using var fakes = new FakeEndpoints().Respond("GET", "http://api.contoso.test/go", _ => new FakeResponse(HttpStatusCode.Redirect)
        {
            Headers = new Dictionary<string, string> { ["Location"] = "http://inside.test/x" },
        });
        using var session = Session(fakes, resolver, "GET http://api.contoso.test/go", "GET http://inside.test/x");

        await GuardAssert.DeniedAsync("http.private-address", () => session.HttpClient.GetAsync("http://api.contoso.test/go"));

        fakes.Requests.Should().ContainSingle();
        resolver.Asked.Should().Equal("api.contoso.test", "inside.test");
        (await session.Awaiting(s => s.HttpClient.GetAsync("http://unknown.test/")).Should().ThrowAsync<AccessDeniedException>())
            .Which.Decision.Reason!.Rule.Should().Be("http.endpoint");
    }

    private static GuardSession Session(FakeEndpoints fakes, InMemoryAddressResolver? resolver, params string[] rules) => Operations.SessionOf(guard => guard
        .LimitPermissions(allow => rules.ToList().ForEach(rule => allow.Http(rule)))
        .DefendInDepth(defense => defense.UseUnguardedEndpoints(fakes, resolver)));
}
