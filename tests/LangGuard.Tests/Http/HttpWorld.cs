using LangGuard.Http;
using Microsoft.AspNetCore.Http;

namespace LangGuard.Tests.Http;

/// <summary>A server on loopback with the names api.test, other.test and evil.test, and a guarded session that may reach
/// loopback where a rule says so.</summary>
internal sealed class HttpWorld : IAsyncDisposable
{
    private HttpWorld(LoopbackServer server, FakeResolver resolver, GuardSession session)
    {
        Server = server;
        Resolver = resolver;
        Session = session;
    }

    public LoopbackServer Server { get; }

    public FakeResolver Resolver { get; }

    public GuardSession Session { get; }

    public HttpClient Client => Session.HttpClient;

    public string Api => $"http://api.test:{Server.Port}";

    /// <param name="answer">The server.</param>
    /// <param name="rules">Rule texts; {api} and {other} stand for origins of the server.</param>
    public static Task<HttpWorld> StartAsync(RequestDelegate answer, params string[] rules) =>
        StartAsync(answer, null, null, rules);

    public static async Task<HttpWorld> StartAsync(
        RequestDelegate answer, Action<PolicyBuilder>? configure, FakeResolver? resolver, params string[] rules)
    {
        var server = await LoopbackServer.StartAsync(answer);
        resolver ??= new FakeResolver();
        foreach (var name in new[] { "api.test", "other.test", "evil.test" })
        {
            resolver.Add(name, "127.0.0.1");
        }

        var policy = Policy.Create(guard =>
        {
            guard.LimitPermissions(allow =>
            {
                foreach (var rule in rules)
                {
                    allow.Http(Expand(rule, server.Port));
                }
            });
            guard.DefendInDepth(defense => defense.UseAddressResolver(resolver).AllowUnguardedListener(server.Port));
            configure?.Invoke(guard);
        });
        return new HttpWorld(server, resolver, GuardSession.Create(policy, new Principal("alice")));
    }

    public static string Expand(string rule, int port)
    {
        rule = rule.Replace("{api}", $"http://api.test:{port}", StringComparison.Ordinal)
            .Replace("{other}", $"http://other.test:{port}", StringComparison.Ordinal);
        if (rule.StartsWith("deny ", StringComparison.Ordinal))
        {
            return rule;
        }

        // The tests wrote what the server says.
        return rule + (rule.Contains(" private ", StringComparison.Ordinal) ? " trusted" : " private 127.0.0.0/8 trusted");
    }

    public async ValueTask DisposeAsync()
    {
        Session.Dispose();
        await Server.DisposeAsync();
    }
}
