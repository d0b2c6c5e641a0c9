using System.Net;
using System.Text;

namespace LangGuard.SecurityTests.Http;

/// <summary>Who shares connections with whom, and the one way out through a proxy.</summary>
public sealed class EgressPoolTests
{
    private const string KeepAlive = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Fact]
    public async Task Two_policies_never_share_a_connection()
    {
        await using var server = new KeepAliveServer();
        using var first = LoopbackSession.Create(server.Port, "GET http://api.test:{port}/**");
        using var second = LoopbackSession.Create(server.Port, "GET http://api.test:{port}/**");

        await first.HttpClient.GetStringAsync(server.Url);
        await first.HttpClient.GetStringAsync(server.Url);
        server.Connections.Should().Be(1, "within a session connections are kept");
        await second.HttpClient.GetStringAsync(server.Url);

        server.Connections.Should().Be(2);
    }

    [Fact]
    public async Task Ten_thousand_children_share_the_sockets_of_their_root()
    {
        await using var server = new KeepAliveServer();
        using var root = LoopbackSession.Create(server.Port, "GET http://api.test:{port}/**");
        var narrower = LoopbackSession.CreatePolicy(server.Port, null, "GET http://api.test:{port}/v1/**");

        for (var i = 0; i < 10_000; i++)
        {
            using var child = root.CreateChild(narrower);
            if (i % 100 == 0)
            {
                (await child.HttpClient.GetStringAsync(server.Url)).Should().Be("ok");
                await FluentActions.Awaiting(() => child.HttpClient.GetStringAsync(new Uri(server.Url, "/v2/x")))
                    .Should().ThrowAsync<AccessDeniedException>();
            }
            else
            {
                _ = child.HttpClient;
            }
        }

        server.Connections.Should().Be(1);
    }

    [Fact]
    public async Task A_reload_closes_every_connection_of_the_policies_before_it()
    {
        await using var server = new KeepAliveServer();
        Policy Load(params string[] rules) => LoopbackSession.CreatePolicy(server.Port, null, rules);
        var source = new PolicySource(Load("GET http://api.test:{port}/**"));
        using var session = GuardSession.Create(source, new Principal("alice"));
        await session.HttpClient.GetStringAsync(server.Url);

        for (var reloads = 1; reloads <= 3; reloads++)
        {
            source.Replace(Load("GET http://api.test:{port}/v1/**"));
            await server.Closed(reloads);

            (await session.HttpClient.GetStringAsync(server.Url)).Should().Be("ok");
            await session.HttpClient.GetStringAsync(server.Url);
            server.Connections.Should().Be(reloads + 1, "a new connection, which is kept in turn");
        }

        source.Replace(Load("GET http://api.test:{port}/v2/**"));
        await server.Closed(4);
        await FluentActions.Awaiting(() => session.HttpClient.GetStringAsync(server.Url)).Should().ThrowAsync<AccessDeniedException>();
        server.Connections.Should().Be(4);
    }

    [Fact]
    public async Task A_request_that_runs_during_a_reload_ends_and_its_connection_is_not_used_again()
    {
        await using var server = new KeepAliveServer();
        Policy Load() => LoopbackSession.CreatePolicy(server.Port, null, "GET http://api.test:{port}/**");
        var source = new PolicySource(Load());
        using var session = GuardSession.Create(source, new Principal("alice"));
        using var stop = new CancellationTokenSource();
        var requests = Task.Run(async () =>
        {
            var count = 0;
            for (; !stop.IsCancellationRequested; count++)
            {
                (await session.HttpClient.GetStringAsync(server.Url)).Should().Be("ok");
            }

            return count;
        });

        for (var i = 0; i < 200; i++)
        {
            source.Replace(Load());
            await Task.Yield();
        }

        await stop.CancelAsync();
        await requests;
        source.Replace(Load());
        await server.Closed(server.Connections);
    }

    [Fact]
    public async Task A_proxy_that_a_reload_or_a_child_requires_is_the_only_way_at_once()
    {
        await using var server = new KeepAliveServer();
        using var proxy = new ScriptedServer((stream, _, _) => ScriptedServer.SayAsync(
            stream, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nproxy"));
        Policy Load(int? proxyPort) => LoopbackSession.CreatePolicy(
            server.Port,
            guard => guard.DefendInDepth(defense => _ = proxyPort is null ? defense : defense.RequireProxy(new Uri($"http://127.0.0.1:{proxyPort}"))),
            "GET http://api.test:{port}/**");
        var source = new PolicySource(Load(null));
        using var session = GuardSession.Create(source, new Principal("alice"));
        (await session.HttpClient.GetStringAsync(server.Url)).Should().Be("ok");

        using var child = session.CreateChild(Load(proxy.Port));
        (await child.HttpClient.GetStringAsync(server.Url)).Should().Be("proxy");
        (await session.HttpClient.GetStringAsync(server.Url)).Should().Be("ok");
        source.Replace(Load(proxy.Port));
        (await session.HttpClient.GetStringAsync(server.Url)).Should().Be("proxy");
        using var other = session.CreateChild(Load(1));

        (await FluentActions.Awaiting(() => other.HttpClient.GetStringAsync(server.Url)).Should().ThrowAsync<AccessDeniedException>())
            .Which.Decision.Reason!.Rule.Should().Be("http.proxy-conflict");
    }

    [Fact]
    public async Task A_required_proxy_is_the_only_way_and_fails_closed()
    {
        using var target = new ScriptedServer((stream, _, _) => ScriptedServer.SayAsync(stream, KeepAlive));
        using var proxy = new ScriptedServer((stream, head, _) => ScriptedServer.SayAsync(
            stream, head.StartsWith("CONNECT", StringComparison.Ordinal)
                ? "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                : "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nproxy"));
        var network = new ScriptedNetwork(target.Port, (_, _) => ["93.184.215.14"]);
        GuardSession Session(int proxyPort) => GuardSession.Create(
            Policy.Create(guard => guard
                .LimitPermissions(allow => allow
                    .Http("GET http://api.test/** trusted").Http("GET https://api.test/** trusted").Http("GET http://127.0.0.1/** trusted"))
                .DefendInDepth(defense => defense
                    .UseAddressResolver(network).RequireProxy(new Uri($"http://127.0.0.1:{proxyPort}")))),
            new Principal("alice"));
        using var session = Session(proxy.Port);

        (await session.HttpClient.GetStringAsync("http://api.test/x")).Should().Be("proxy");
        proxy.Heads[0].Should().StartWith("GET http://api.test/x HTTP/1.1");
        await FluentActions.Awaiting(() => session.HttpClient.GetStringAsync("https://api.test/x"))
            .Should().ThrowAsync<HttpRequestException>("the proxy forbids the tunnel");
        (await session.HttpClient.GetStringAsync("http://127.0.0.1/x"))
            .Should().Be("proxy", "loopback is not bypassed; the proxy judges it");
        network.Asked.Should().BeEmpty("no name leaks by a look-up of our own");

        proxy.Dispose();
        using var late = Session(proxy.Port);
        await FluentActions.Awaiting(() => late.HttpClient.GetStringAsync("http://api.test/x"))
            .Should().ThrowAsync<HttpRequestException>();
        target.Heads.Should().BeEmpty();
    }

    /// <summary>Answers any number of requests on each connection and counts connections.</summary>
    private sealed class KeepAliveServer : IAsyncDisposable
    {
        private readonly System.Net.Sockets.TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _accepting;
        private readonly SemaphoreSlim _closed = new(0);
        private int _connections;
        private int _seenClosed;

        public KeepAliveServer()
        {
            _listener.Start();
            _accepting = AcceptAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public Uri Url => new($"http://api.test:{Port}/v1/x");

        public int Connections => Volatile.Read(ref _connections);

        /// <summary>Waits until so many connections have been closed by their clients.</summary>
        public async Task Closed(int count)
        {
            for (; _seenClosed < count; _seenClosed++)
            {
                (await _closed.WaitAsync(TimeSpan.FromMinutes(2))).Should().BeTrue();
            }
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _accepting;
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var socket = await _listener.AcceptSocketAsync();
                    Interlocked.Increment(ref _connections);
                    _ = ServeAsync(socket);
                }
            }
            catch (Exception error) when (error is System.Net.Sockets.SocketException or ObjectDisposedException)
            {
                // The end of the test.
            }
        }

        private async Task ServeAsync(System.Net.Sockets.Socket socket)
        {
            using (socket)
            {
                var answer = Encoding.ASCII.GetBytes(KeepAlive);
                var buffer = new byte[8192];
                try
                {
                    while (await socket.ReceiveAsync(buffer) > 0)
                    {
                        await socket.SendAsync(answer);
                    }
                }
                catch (System.Net.Sockets.SocketException)
                {
                    // The client went away.
                }
            }

            _closed.Release();
        }
    }
}
