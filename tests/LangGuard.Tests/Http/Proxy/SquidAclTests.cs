using System.Net;
using LangGuard.Http;
using Microsoft.AspNetCore.Http;

namespace LangGuard.Tests.Http.Proxy;

/// <summary>The exported rules decide in a real Squid, by the address that it resolves itself.</summary>
public sealed class SquidAclTests
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["api.test"] = "127.0.0.1",
        ["sub.wiki.test"] = "127.0.0.1",
        ["wiki.test"] = "127.0.0.1",
        ["rebound.test"] = "10.0.0.5",
        ["loopback.test"] = "127.0.0.1",
        ["metadata.test"] = "169.254.169.254",
        ["six.test"] = "fd00:1::1",
        ["mapped.test"] = "::ffff:10.0.0.5",
        ["far.test"] = "198.41.0.4",
        ["secure.test"] = "127.0.0.1",
        ["other.test"] = "127.0.0.1",
    };

    [Fact]
    public async Task Squid_grants_what_the_policy_grants_and_denies_private_destinations()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("ok"));
        var port = server.Port;
        var policy = Policy.Create(guard => guard.LimitPermissions(allow => allow
            .Http($"GET http://api.test:{port}/v1/orders/{{id:int}} query page:int private 127.0.0.0/8")
            .Http($"GET http://*.wiki.test:{port}/** private 127.0.0.0/8")
            .Http($"deny http://sub.wiki.test:{port}/secret/**")
            .Http($"GET http://loopback.test:{port}/**")
            .Http($"GET http://rebound.test:{port}/** private 127.0.0.0/8")
            .Http($"GET http://metadata.test:{port}/** private 10.0.0.0/8")
            .Http($"GET http://six.test:{port}/**")
            .Http($"GET http://mapped.test:{port}/**")
            .Http($"GET https://secure.test:{port}/v1/** private 127.0.0.0/8")
            .Http("GET https://far.test/**")
            .Http("GET https://loopback.test/**")));
        await using var squid = await SquidProxy.StartAsync(policy.ExportSquidAcl(), Names);

        foreach (var (method, target, expected) in new[]
        {
            ("GET", $"http://api.test:{port}/v1/orders/7", "granted"),
            ("GET", $"http://api.test:{port}/v1/orders/7?page=1", "granted"),
            ("POST", $"http://api.test:{port}/v1/orders/7", "denied"),
            ("GET", $"http://api.test:{port}/v1/customers/7", "denied"),
            ("GET", $"http://api.test:{port}/v1/orders/7/items", "denied"),
            ("GET", "http://api.test/v1/orders/7", "denied"),
            ("GET", $"http://other.test:{port}/", "denied"),
            ("GET", $"http://127.0.0.1:{port}/v1/orders/7", "denied"),
            ("GET", $"http://sub.wiki.test:{port}/a", "granted"),
            ("GET", $"http://sub.wiki.test:{port}/secret/a", "denied"),
            ("GET", $"http://sub.wiki.test:{port}/Secret/a", "denied"),
            ("GET", $"http://wiki.test:{port}/a", "denied"),
            ("GET", $"http://evilwiki.test:{port}/a", "denied"),
            ("GET", $"http://loopback.test:{port}/", "denied"),
            ("GET", $"http://rebound.test:{port}/", "denied"),
            ("GET", $"http://metadata.test:{port}/", "denied"),
            ("GET", $"http://six.test:{port}/", "denied"),
            ("GET", $"http://mapped.test:{port}/", "denied"),
            ("GET", $"http://nowhere.test:{port}/", "denied"),
            ("CONNECT", $"secure.test:{port}", "granted"),
            ("GET", $"http://secure.test:{port}/v1/a", "denied"),
            ("GET", $"https://secure.test:{port}/v1/a", "denied"),
            ("CONNECT", "far.test:8443", "denied"),
            ("CONNECT", "far.test:22", "denied"),
            ("CONNECT", "loopback.test:443", "denied"),
            ("CONNECT", "other.test:443", "denied"),
            ("CONNECT", "169.254.169.254:443", "denied"),
            ("CONNECT", $"api.test:{port}", "denied"),
            ("GET", "https://far.test/", "denied"),
            ("GET", "ftp://far.test/", "denied"),
            ("GET", "http://squid.test/squid-internal-mgr/info", "denied"),
        })
        {
            var status = await squid.AskAsync(method, target);
            var answer = status switch { 200 => "granted", 403 => "denied", _ => "something else" };
            answer.Should().Be(expected, $"{method} {target} ({status})");
        }

        server.Requests.Should().HaveCount(3);
    }

    [Fact]
    public async Task Without_the_export_the_same_proxy_reaches_private_destinations()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var squid = await SquidProxy.StartAsync("http_access allow all", Names);

        (await squid.AskAsync("GET", $"http://loopback.test:{server.Port}/")).Should().Be(200, "the positive control");
    }

    [Fact]
    public async Task Two_policies_export_what_both_grant()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("ok"));
        var one = Policy.Create(guard => guard.LimitPermissions(allow => allow
            .Http($"GET,POST http://api.test:{server.Port}/** private 127.0.0.0/8")));
        var two = Policy.Create(guard => guard.LimitPermissions(allow => allow
            .Http($"GET http://api.test:{server.Port}/a/** private 127.0.0.0/8")
            .Http($"GET http://other.test:{server.Port}/** private 127.0.0.0/8")));
        await using var squid = await SquidProxy.StartAsync(one.Intersect(two).ExportSquidAcl(), Names);

        (await squid.AskAsync("GET", $"http://api.test:{server.Port}/a/b")).Should().Be(200);
        (await squid.AskAsync("POST", $"http://api.test:{server.Port}/a/b")).Should().Be(403);
        (await squid.AskAsync("GET", $"http://api.test:{server.Port}/b")).Should().Be(403);
        (await squid.AskAsync("GET", $"http://other.test:{server.Port}/b")).Should().Be(403);
    }

    [Fact]
    public async Task A_guarded_client_works_through_the_proxy_and_fails_closed_without_it()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("ok"));
        void Rules(PermissionsBuilder allow) => allow
            .Http($"GET http://api.test:{server.Port}/** private 127.0.0.0/8")
            .Http($"GET http://loopback.test:{server.Port}/** private 10.0.0.0/8");
        var exported = Policy.Create(guard => guard.LimitPermissions(Rules)).ExportSquidAcl();
        var squid = await SquidProxy.StartAsync(exported, Names);
        var resolver = new FakeResolver();
        var policy = Policy.Create(guard => guard.LimitPermissions(Rules).DefendInDepth(defense => defense
            .RequireProxy(new Uri($"http://127.0.0.1:{squid.Port}")).UseAddressResolver(resolver)));
        using var session = GuardSession.Create(policy, new Principal("alice"));
        session.AddUserMessage("Read a from both hosts.");

        (await session.HttpClient.GetStringAsync($"http://api.test:{server.Port}/a")).Should().Be("ok");
        (await session.HttpClient.GetAsync($"http://loopback.test:{server.Port}/a")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        resolver.Asked.Should().BeEmpty("names are looked up by the proxy only");
        await squid.DisposeAsync();
        using var later = GuardSession.Create(policy, new Principal("alice"));
        await later.HttpClient.Invoking(c => c.GetStringAsync($"http://api.test:{server.Port}/b")).Should().ThrowAsync<Exception>();
        server.Requests.Should().ContainSingle();
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8", "")]
    [InlineData("10.0.0.0/8", "11.0.0.0/8", "10.0.0.0/8")]
    [InlineData("10.0.0.0/30", "10.0.0.1/32", "10.0.0.0/32 10.0.0.2/31")]
    [InlineData("::/126", "::1/128", "::/128 ::2/127")]
    public void Subtracts_networks(string from, string without, string left) =>
        NetworkSets.Subtract([IPNetwork.Parse(from)], [IPNetwork.Parse(without)])
            .Select(network => network.ToString()).Should().Equal(left.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
