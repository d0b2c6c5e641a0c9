using System.Security.Claims;
using LangGuard.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LangGuard.Tests.ModelContextProtocol;

/// <summary>A server on loopback HTTP whose users are named by a header, and clients of it.</summary>
internal sealed class McpWorld : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<McpClient> _clients = [];

    private McpWorld(WebApplication app) => _app = app;

    internal IServiceProvider Services => _app.Services;

    internal Uri Endpoint => new(_app.Urls.First());

    internal static async Task<McpWorld> StartAsync(
        Action<IMcpServerBuilder> server, Action<PolicyBuilder>? guard = null, bool guarded = true, bool sessionTools = false, bool stateless = false, bool boundary = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddLangGuard(guard ?? (_ => { }));
        var mcp = builder.Services.AddMcpServer().WithHttpTransport(options => options.Stateless = stateless);
        server(mcp);
        if (guarded)
        {
            mcp.WithLangGuard(configure: options =>
            {
                options.Principal = context => context.User is { } user ? UserPrincipal.FromUser(user) : null;
                options.ServeSessionTools = sessionTools;
            });
        }

        var app = builder.Build();
        app.Use((context, next) =>
        {
            if (context.Request.Headers["X-User"] is [{ } user])
            {
                context.User = new ClaimsPrincipal(new ClaimsIdentity(
                    [new Claim(ClaimTypes.NameIdentifier, user), new Claim("tid", "contoso")], "test"));
            }

            return next();
        });
        if (boundary)
        {
            app.UseLangGuard();
        }

        app.MapMcp();
        await app.StartAsync();
        return new McpWorld(app);
    }

    internal async Task<McpClient> ClientAsync(string? user = "alice")
    {
        var headers = new Dictionary<string, string>();
        if (user is not null)
        {
            headers["X-User"] = user;
        }

        var client = await McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions
            {
                Endpoint = new Uri(_app.Urls.First()),
                AdditionalHeaders = headers,
            }),
            new McpClientOptions { DiscoverProbeTimeout = Timeout.InfiniteTimeSpan });
        _clients.Add(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        await _app.DisposeAsync();
    }

    internal static string TextOf(CallToolResult result) => string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));
}
