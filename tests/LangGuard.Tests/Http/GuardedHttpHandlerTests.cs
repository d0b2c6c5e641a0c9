using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LangGuard.Tests.Http;

public sealed class GuardedHttpHandlerTests
{
    private static readonly RequestDelegate Echo = async context =>
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        await context.Response.WriteAsync($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {body}");
    };

    [Fact]
    public async Task Sends_what_a_rule_grants()
    {
        await using var world = await HttpWorld.StartAsync(Echo, "GET,POST {api}/v1/orders/{id:int} query page:int");

        (await world.Client.GetStringAsync($"{world.Api}/v1/orders/42?page=2")).Should().Be("GET /v1/orders/42?page=2 ");
        var posted = await world.Client.PostAsync($"{world.Api}/v1/orders/42", new StringContent("hello"));

        (await posted.Content.ReadAsStringAsync()).Should().Be("POST /v1/orders/42 hello");
        posted.RequestMessage!.RequestUri.Should().Be(new Uri($"{world.Api}/v1/orders/42"));
    }

    [Theory]
    [InlineData("GET", "/v1/orders/x", "http.endpoint")]
    [InlineData("GET", "/v1/customers/1", "http.endpoint")]
    [InlineData("DELETE", "/v1/orders/1", "http.method")]
    [InlineData("GET", "/v1/orders/1?secret=1", "http.query")]
    [InlineData("GET", "/v1/orders/1?page=abc", "http.query")]
    [InlineData("PROPFIND", "/v1/orders/1", "http.unknown-method")]
    public async Task Denies_what_no_rule_grants_and_sends_nothing(string method, string target, string rule)
    {
        await using var world = await HttpWorld.StartAsync(Echo, "GET {api}/v1/orders/{id:int} query page:int");

        var send = () => world.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), world.Api + target));

        (await send.Should().ThrowAsync<AccessDeniedException>()).Which.Decision.Reason!.Rule.Should().Be(rule);
        world.Server.Requests.Should().BeEmpty();
        world.Resolver.Asked.Should().BeEmpty("a denied name is not even looked up");
    }

    [Fact]
    public async Task Follows_redirects_that_the_rules_grant_and_refuses_the_others()
    {
        await using var world = await HttpWorld.StartAsync(
            context =>
            {
                if (context.Request.Path == "/start")
                {
                    context.Response.Redirect(context.Request.Query["to"]!);
                    return Task.CompletedTask;
                }

                return context.Response.WriteAsync("arrived at " + context.Request.Host.Host + context.Request.Path);
            },
            "GET {api}/start query to:text(200)",
            "GET {api}/granted",
            "GET {other}/granted");
        Task<string> Go(string to) => world.Client.GetStringAsync($"{world.Api}/start?to={Uri.EscapeDataString(to)}");

        (await Go("/granted")).Should().Be("arrived at api.test/granted");
        (await Go($"http://other.test:{world.Server.Port}/granted")).Should().Be("arrived at other.test/granted");

        foreach (var to in new[] { "/secret", $"http://evil.test:{world.Server.Port}/granted", "http://169.254.169.254/", "file:///etc/passwd" })
        {
            await FluentActions.Awaiting(() => Go(to)).Should().ThrowAsync<AccessDeniedException>(because: to);
        }

        world.Server.Requests.Should().NotContain(request => request.Contains("secret") && !request.Contains("start"));
        world.Server.Requests.Should().NotContain(request => request.Contains("evil.test:"));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::1")]
    public async Task Denies_a_granted_name_that_points_inside(string address)
    {
        var resolver = new FakeResolver().Add("inside.test", address);
        await using var world = await HttpWorld.StartAsync(Echo, null, resolver, "GET {api}/**");
        var policy = Policy.Create(guard => guard
            .LimitPermissions(allow => allow.Http($"GET http://inside.test:{world.Server.Port}/**"))
            .DefendInDepth(defense => defense.UseAddressResolver(resolver).AllowUnguardedListener(world.Server.Port)));
        using var session = GuardSession.Create(policy, new Principal("alice"));

        var get = () => session.HttpClient.GetAsync(new Uri($"http://inside.test:{world.Server.Port}/"));

        (await get.Should().ThrowAsync<AccessDeniedException>()).Which.Decision.Reason!.Rule.Should().Be("http.private-address");
        world.Server.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Never_reaches_a_listener_of_its_own_process()
    {
        await using var server = await LoopbackServer.StartAsync(Echo);
        var resolver = new FakeResolver().Add("api.test", "127.0.0.1");
        var policy = Policy.Create(guard => guard
            .LimitPermissions(allow => allow.Http($"POST http://api.test:{server.Port}/** private 127.0.0.0/8"))
            .DefendInDepth(defense => defense.UseAddressResolver(resolver)));
        using var session = GuardSession.Create(policy, new Principal("alice"));
        using var plain = new HttpClient();

        var post = () => session.HttpClient.PostAsync(
            new Uri($"http://api.test:{server.Port}/approvals/1"), new StringContent("yes"));

        (await post.Should().ThrowAsync<AccessDeniedException>()).Which.Decision.Reason!.Rule.Should().Be("http.own-listener");
        server.Requests.Should().BeEmpty();
        (await plain.PostAsync(new Uri($"http://127.0.0.1:{server.Port}/approvals/1"), new StringContent("yes")))
            .StatusCode.Should().Be(HttpStatusCode.OK, "the listener is there");
    }

    [Fact]
    public async Task Sends_synchronously()
    {
        await using var world = await HttpWorld.StartAsync(Echo, "GET {api}/**");

        using var response = world.Client.Send(new HttpRequestMessage(HttpMethod.Get, world.Api + "/x"));
        using var reader = new StreamReader(response.Content.ReadAsStream(), Encoding.UTF8);

        reader.ReadToEnd().Should().Be("GET /x ");
    }
}
