using System.Diagnostics;
using System.Globalization;
using System.Net;
using LangGuard.Http;

namespace LangGuard.Benchmarks;

/// <summary>
/// A guarded keep-alive GET beside the same GET of a plain client, in one run: batches alternate, so that a busy machine is
/// equally busy for both, and the median of the ratios counts.
/// </summary>
internal static class HttpRequestBenchmark
{
    public static async Task<int> RunAsync(int batches, int requests, string layers)
    {
        using var server = HttpServerProcess.Start();
        var url = $"http://api.test:{server.Port}/v1/orders/42";
        using var plain = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync, UseProxy = false });
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
                misuse.LimitUsage(usage => usage.Calls(int.MaxValue));
                if (layers == "rules")
                {
                    misuse.UnguardedSecrets().UnguardedUntrustedContent();
                }
            })
            .DefendInDepth(defense => defense.UseAddressResolver(new Loopback())));
        using var session = GuardSession.Create(policy, new Principal("benchmark"));
        var guarded = session.HttpClient;

        await BatchAsync(plain, url, requests * 2);
        await BatchAsync(guarded, url, requests * 2);
        var ratios = new List<double>();
        var plainTimes = new List<double>();
        var guardedTimes = new List<double>();
        var bytes = new List<long>();
        for (var i = 0; i < batches; i++)
        {
            var first = i % 2 == 0 ? plain : guarded;
            var (timeA, bytesA) = await BatchAsync(first, url, requests);
            var (timeB, bytesB) = await BatchAsync(first == plain ? guarded : plain, url, requests);
            var (p, g) = first == plain ? (timeA, timeB) : (timeB, timeA);
            ratios.Add(g / p);
            plainTimes.Add(p);
            guardedTimes.Add(g);
            bytes.Add(first == plain ? bytesB - bytesA : bytesA - bytesB);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"keep-alive GET: plain {Median(plainTimes):F1} us, guarded {Median(guardedTimes):F1} us, ratio {Median(ratios):F3}, "
            + $"{Median([.. bytes.Select(value => (double)value)]):F0} B more per request ({batches} batches of {requests})"));
        return 0;
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
        return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
    }

    private static async Task<(double Microseconds, long Bytes)> BatchAsync(HttpClient client, string url, int requests)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.GetTimestamp();
        for (var i = 0; i < requests; i++)
        {
            using var response = await client.GetAsync(new Uri(url));
            await response.Content.ReadAsByteArrayAsync();
        }

        var time = Stopwatch.GetElapsedTime(watch).TotalMicroseconds / requests;
        return (time, (GC.GetTotalAllocatedBytes(precise: true) - before) / requests);
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private sealed class Loopback : IAddressResolver
    {
        public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Loopback]);
    }
}
