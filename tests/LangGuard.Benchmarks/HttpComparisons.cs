using System.Net;
using System.Net.Sockets;
using LangGuard.Http;

namespace LangGuard.Benchmarks;

/// <summary>A keep-alive GET on loopback to a Kestrel in another process, by a plain client and by the guarded one.</summary>
internal static class HttpComparisons
{
    public static IEnumerable<Comparison> All() =>
    [
        new("http", "GET, all default layers", Aim.Http, () => Open(tracksContent: true)),
        new("http", "GET, rules and quotas only", null, () => Open(tracksContent: false)),
    ];

    private static Pair Open(bool tracksContent)
    {
        var server = HttpServerProcess.Start();
        var url = new Uri($"http://api.test:{server.Port}/v1/orders/42");
        var plain = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync, UseProxy = false });
        var policy = Policy.Create(guard => guard
            .LimitPermissions(allow =>
            {
                allow.Http($"GET http://api.test:{server.Port}/v1/orders/{{id:int}} private 127.0.0.0/8");
                for (var i = 0; i < 100; i++)
                {
                    allow.Http($"GET https://host{i}.example.com/v1/**");
                }
            })
            .AnticipateMisuse(misuse =>
            {
                misuse.LimitUsage(usage => usage.Calls(int.MaxValue).BytesIn("1000000 GiB"));
                _ = tracksContent ? misuse : misuse.UnguardedSecrets().UnguardedUntrustedContent();
            })
            .DefendInDepth(defense => defense.UseAddressResolver(new Loopback())));
        var session = GuardSession.Create(policy, new Principal("benchmark"), new GuardSessionOptions { Lifetime = TimeSpan.FromDays(1) });
        var guarded = session.HttpClient;
        return new Pair(Get(plain, url), Get(guarded, url), () =>
        {
            session.Dispose();
            plain.Dispose();
            server.Dispose();
        });
    }

    private static Work Get(HttpClient client, Uri url) => new(async () =>
    {
        using var response = await client.GetAsync(url);
        await response.Content.ReadAsByteArrayAsync();
    });

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private sealed class Loopback : IAddressResolver
    {
        public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Loopback]);
    }
}
