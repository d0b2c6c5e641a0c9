using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Quickstart.SupportDesk;

/// <summary>Real servers on loopback: the shop's API, and one that stands for every place the agent must not reach.</summary>
internal sealed class Servers : IAsyncDisposable
{
    private readonly WebApplication _api;
    private readonly WebApplication _forbidden;

    private Servers(WebApplication api, WebApplication forbidden, ConcurrentQueue<string> contacts)
    {
        _api = api;
        _forbidden = forbidden;
        ForbiddenContacts = contacts;
        ApiPort = PortOf(api);
        ForbiddenPort = PortOf(forbidden);
    }

    internal int ApiPort { get; }

    internal int ForbiddenPort { get; }

    /// <summary>Every request that reached the forbidden server.</summary>
    internal IReadOnlyCollection<string> ForbiddenContacts { get; }

    internal static async Task<Servers> StartAsync()
    {
        var contacts = new ConcurrentQueue<string>();
        var forbidden = Create();
        forbidden.Run(context =>
        {
            contacts.Enqueue($"{context.Request.Method} {context.Request.Host}{context.Request.Path}");
            return context.Response.WriteAsync("leaked");
        });
        await forbidden.StartAsync();
        var forbiddenPort = PortOf(forbidden);

        var api = Create();
        api.MapGet("/v1/orders/{id:int}", (int id) => Results.Json(new { id, status = "shipped", eta = "2 days" }));
        api.MapGet("/v1/moved", () => Results.Redirect($"http://127.0.0.1:{forbiddenPort}/instructions"));
        api.MapPost("/v1/replies", () => Results.Json(new { sent = true }));
        await api.StartAsync();
        return new Servers(api, forbidden, contacts);
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _forbidden.DisposeAsync();
    }

    private static WebApplication Create()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    private static int PortOf(WebApplication app) =>
        new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
}
