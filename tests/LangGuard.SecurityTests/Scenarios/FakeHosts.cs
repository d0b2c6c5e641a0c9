using System.Net;
using LangGuard.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>All hosts of a scenario on one loopback port, told apart by the Host header. Keeps every byte that arrives.</summary>
internal sealed class FakeHosts : IAddressResolver, IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<string> _requests = [];

    internal FakeHosts(Func<HttpContext, string, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            lock (_requests)
            {
                _requests.Add(
                    $"{context.Request.Method} {context.Request.Host.Host}{context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget}\n"
                    + string.Join('\n', context.Request.Headers.Select(header => $"{header.Key}: {header.Value}")) + "\n\n" + body);
            }

            context.Response.Headers["X-Trace"] = Canary;
            context.Response.Headers.SetCookie = $"trace={Uri.EscapeDataString(Canary)}";
            await answer(context, body);
        });
    }

    internal int Port { get; private set; }

    /// <summary>What stands in a header of every answer.</summary>
    internal string Canary { get; set; } = string.Empty;

    /// <summary>What arrived, one text for each request: method, host, target, headers, body.</summary>
    internal IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>What names resolve to besides loopback, answer by answer; the last one stays.</summary>
    internal Dictionary<string, Queue<IPAddress>> Names { get; } = new(StringComparer.OrdinalIgnoreCase);

    internal async Task StartAsync()
    {
        await _app.StartAsync();
        Port = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        lock (Names)
        {
            return ValueTask.FromResult<IReadOnlyList<IPAddress>>(
                [Names.TryGetValue(host, out var answers) ? answers.Count > 1 ? answers.Dequeue() : answers.Peek() : IPAddress.Loopback]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(true));
        await _app.DisposeAsync();
    }
}
