using System.IO.Compression;
using Microsoft.Extensions.Time.Testing;

namespace LangGuard.SecurityTests.Http;

/// <summary>Servers that never stop. Each request ends within its limit, and the socket is closed.</summary>
public sealed class ResponseLimitTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    // How long a test waits for what does happen; nothing is measured by it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Ends_headers_that_drip_at_the_limit()
    {
        using var server = new DrippingServer("HTTP/1.1 200 OK\r\nX-A: b");
        var clock = new FakeTimeProvider();
        using var session = Create(server.Port, clock, "timeout 400ms");

        var get = session.HttpClient.GetByteArrayAsync(server.Url);
        await server.HasSpoken;
        clock.Advance(TimeSpan.FromMilliseconds(399));
        get.IsCompleted.Should().BeFalse();
        clock.Advance(TimeSpan.FromMilliseconds(1));

        await DeniesAsync(get, "http.too-slow");
        await server.PeerGone;
    }

    [Fact]
    public async Task Ends_a_body_that_drips_at_the_idle_limit()
    {
        using var server = new DrippingServer(Ok + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
        var clock = new FakeTimeProvider();
        using var session = Create(server.Port, clock, "idle 300ms timeout 20s");
        using var response = await session.HttpClient.GetAsync(server.Url, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.Content.ReadAsStreamAsync();
        (await stream.ReadAsync(new byte[1])).Should().Be(1);

        var read = stream.ReadAsync(new byte[1]).AsTask();
        clock.Advance(TimeSpan.FromMilliseconds(299));
        read.IsCompleted.Should().BeFalse();
        clock.Advance(TimeSpan.FromMilliseconds(1));

        await DeniesAsync(read, "http.too-slow");
        await server.PeerGone;
    }

    [Theory]
    [InlineData("idle 300ms timeout 20s", 300)]
    [InlineData("idle 20s timeout 300ms", 300)]
    public async Task Ends_a_short_body_that_drips(string limits, int milliseconds)
    {
        using var server = new DrippingServer(Ok + "Content-Length: 100\r\n\r\nx");
        var clock = new FakeTimeProvider();
        using var session = Create(server.Port, clock, limits);

        var get = session.HttpClient.GetByteArrayAsync(server.Url);
        await server.HasSpoken;

        // Nobody tells from outside when the guard begins to wait for the body, so that the limit may pass more than once.
        while (await Task.WhenAny(get, Task.Delay(20)) != get)
        {
            clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        }

        await DeniesAsync(get, "http.too-slow");
        await server.PeerGone;
    }

    [Fact]
    public async Task Ends_a_body_that_drips_for_ever_by_the_total_time()
    {
        var spoken = new TaskCompletionSource();
        using var server = new ScriptedServer(async (stream, _, cancellation) =>
        {
            await ScriptedServer.SayAsync(stream, Ok + "Transfer-Encoding: chunked\r\n\r\n");
            spoken.SetResult();
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                await ScriptedServer.SayAsync(stream, "1\r\nx\r\n");
            }
        });
        var clock = new FakeTimeProvider();
        using var session = Create(server.Port, clock, "idle 5s timeout 500ms");

        var get = session.HttpClient.GetByteArrayAsync(Url(server));
        await spoken.Task.WaitAsync(Patience);
        clock.Advance(TimeSpan.FromMilliseconds(500));

        await DeniesAsync(get, "http.too-slow");
        await server.PeerGone.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Ends_a_response_that_is_handed_over_and_never_read()
    {
        using var server = new DrippingServer(Ok + "Transfer-Encoding: chunked\r\n\r\n");
        var clock = new FakeTimeProvider();
        using var session = Create(server.Port, clock, "timeout 400ms");
        using var response = await session.HttpClient.GetAsync(server.Url, HttpCompletionOption.ResponseHeadersRead);

        clock.Advance(TimeSpan.FromMilliseconds(400));

        await server.PeerGone;
    }

    [Fact]
    public async Task The_clock_of_the_machine_ends_it_too()
    {
        using var server = new DrippingServer("HTTP/1.1 200 OK\r\nX-A: b");
        using var session = LoopbackSession.Create(server.Port, "GET http://api.test:{port}/** timeout 200ms");

        await DeniesAsync(session.HttpClient.GetByteArrayAsync(server.Url), "http.too-slow");
    }

    [Fact]
    public async Task Ends_endless_headers()
    {
        using var server = new ScriptedServer(async (stream, _, cancellation) =>
        {
            await ScriptedServer.SayAsync(stream, Ok);
            while (!cancellation.IsCancellationRequested)
            {
                await ScriptedServer.SayAsync(stream, $"X-{Guid.NewGuid():N}: {new string('a', 1000)}\r\n");
            }
        });

        await EndsAsync(server, "", "http.response-too-large");
    }

    [Fact]
    public async Task Ends_endless_interim_responses()
    {
        using var server = new ScriptedServer(async (stream, _, cancellation) =>
        {
            while (!cancellation.IsCancellationRequested)
            {
                await ScriptedServer.SayAsync(stream, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
            }
        });

        await EndsAsync(server, "", "http.response-too-large");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Ends_a_decompression_bomb(string encoding)
    {
        var bomb = Compress(encoding, 64 * 1024 * 1024);
        using var server = new ScriptedServer(async (stream, _, cancellation) =>
        {
            await ScriptedServer.SayAsync(stream, $"{Ok}Content-Encoding: {encoding}\r\nContent-Length: {bomb.Length}\r\n\r\n");
            await stream.WriteAsync(bomb, cancellation);
        });

        await EndsAsync(server, "", "http.decompression", isStreamed: true);
    }

    [Fact]
    public async Task Ends_encodings_in_layers()
    {
        using var server = new ScriptedServer((stream, _, _) =>
            ScriptedServer.SayAsync(stream, Ok + "Content-Encoding: gzip, gzip\r\nContent-Length: 3\r\n\r\nabc"));

        await EndsAsync(server, "", "http.decompression");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ends_a_body_without_end(bool isStreamed)
    {
        var chunk = $"10000\r\n{new string('x', 0x10000)}\r\n";
        using var server = new ScriptedServer(async (stream, _, cancellation) =>
        {
            await ScriptedServer.SayAsync(stream, Ok + "Transfer-Encoding: chunked\r\n\r\n");
            while (!cancellation.IsCancellationRequested)
            {
                await ScriptedServer.SayAsync(stream, chunk);
            }
        });

        await EndsAsync(server, "max-response 1MiB", "http.response-too-large", isStreamed);
    }

    [Fact]
    public async Task Refuses_a_stated_length_over_the_limit_before_reading()
    {
        using var server = new ScriptedServer(async (stream, _, cancellation) =>
        {
            await ScriptedServer.SayAsync(stream, Ok + "Content-Length: 10737418240\r\n\r\n");
            await ScriptedServer.SilenceAsync(cancellation);
        });

        await EndsAsync(server, "", "http.response-too-large");
    }

    [Fact]
    public async Task Ends_an_event_stream_without_end()
    {
        using var server = new ScriptedServer(async (stream, _, cancellation) =>
        {
            await ScriptedServer.SayAsync(stream, Ok + "Content-Type: text/event-stream\r\n\r\n");
            while (!cancellation.IsCancellationRequested)
            {
                await ScriptedServer.SayAsync(stream, "data: tick\r\n\r\n");
            }
        });

        await EndsAsync(server, "events 100", "http.too-many-events", isStreamed: true);
    }

    [Fact]
    public async Task Ends_a_redirect_loop()
    {
        using var server = new ScriptedServer((stream, _, _) => ScriptedServer.SayAsync(
            stream, "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));

        await EndsAsync(server, "", "http.too-many-redirects", isClosed: false);
        server.Heads.Should().HaveCount(6, "one request and five redirects");
    }

    [Theory]
    [InlineData("Content-Type: text/html\r\n")]
    [InlineData("")]
    [InlineData("Content-Type: application/json\r\nContent-Type: text/html\r\n")]
    public async Task Refuses_other_media_types(string header)
    {
        using var server = new ScriptedServer((stream, _, _) => ScriptedServer.SayAsync(
            stream, $"{Ok}{header}Content-Length: 2\r\n\r\n{{}}"));

        await EndsAsync(server, "type application/json", "http.response-type", isClosed: false);
    }

    [Fact]
    public async Task Keeps_the_rate_and_the_concurrency_of_a_rule()
    {
        var running = 0;
        var most = 0;
        using var server = new ScriptedServer(async (stream, _, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
            await ScriptedServer.SayAsync(stream, Ok + "Content-Length: 2\r\nConnection: close\r\n\r\nok");
        });
        using var session = LoopbackSession.Create(server.Port, "GET http://api.test:{port}/** rate 10/h concurrency 2");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => session.HttpClient.GetStringAsync(Url(server))));
        var eleventh = () => session.HttpClient.GetStringAsync(Url(server));

        answers.Should().AllBe("ok");
        most.Should().BeLessThanOrEqualTo(2);
        (await eleventh.Should().ThrowAsync<AccessDeniedException>()).Which.Decision.Reason!.Rule.Should().Be("http.rate");
    }

    [Fact]
    public async Task Drops_headers_that_steer_the_client()
    {
        using var server = new ScriptedServer((stream, _, _) => ScriptedServer.SayAsync(
            stream, Ok + "Alt-Svc: h3=\":443\"\r\nRefresh: 0\r\nSet-Cookie: a=b\r\nX-Kept: yes\r\nContent-Length: 2\r\n\r\nok"));
        using var session = LoopbackSession.Create(server.Port, "GET http://api.test:{port}/**");

        using var response = await session.HttpClient.GetAsync(Url(server));

        response.Headers.Select(header => header.Key).Should().Equal("X-Kept");
    }

    private static Uri Url(ScriptedServer server) => new($"http://api.test:{server.Port}/x");

    private static GuardSession Create(int port, TimeProvider clock, string limits) => LoopbackSession.Create(
        port, guard => guard.UseTimeProvider(clock), "GET http://api.test:{port}/** " + limits);

    private static async Task EndsAsync(
        ScriptedServer server, string limits, string rule, bool isStreamed = false, bool isClosed = true)
    {
        using var session = LoopbackSession.Create(server.Port, $"GET http://api.test:{{port}}/** timeout 5m {limits}");

        await DeniesAsync(isStreamed ? StreamAsync() : session.HttpClient.GetByteArrayAsync(Url(server)), rule);
        if (isClosed)
        {
            await server.PeerGone.Task.WaitAsync(Patience);
        }

        async Task StreamAsync()
        {
            using var response = await session.HttpClient.GetAsync(Url(server), HttpCompletionOption.ResponseHeadersRead);
            await using var stream = await response.Content.ReadAsStreamAsync();
            await stream.CopyToAsync(Stream.Null);
        }
    }

    private static async Task DeniesAsync(Task get, string rule)
    {
        var denial = await FluentActions.Awaiting(() => get.WaitAsync(Patience)).Should().ThrowAsync<AccessDeniedException>();
        denial.Which.Decision.Reason!.Rule.Should().Be(rule);
    }

    private static byte[] Compress(string encoding, int zeros)
    {
        using var result = new MemoryStream();
        using (Stream compressor = encoding switch
        {
            "gzip" => new GZipStream(result, CompressionLevel.SmallestSize),
            "br" => new BrotliStream(result, CompressionLevel.Fastest),
            _ => new ZLibStream(result, CompressionLevel.SmallestSize),
        })
        {
            var block = new byte[64 * 1024];
            for (var written = 0; written < zeros; written += block.Length)
            {
                compressor.Write(block);
            }
        }

        return result.ToArray();
    }

    /// <summary>Says one thing, and then nothing until its peer has gone.</summary>
    private sealed class DrippingServer : IDisposable
    {
        private readonly TaskCompletionSource _spoken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ScriptedServer _server;

        public DrippingServer(string text) => _server = new ScriptedServer(async (stream, _, cancellation) =>
        {
            await ScriptedServer.SayAsync(stream, text);
            _spoken.TrySetResult();
            await ScriptedServer.SilenceAsync(cancellation);
        });

        public int Port => _server.Port;

        public Uri Url => ResponseLimitTests.Url(_server);

        public Task HasSpoken => _spoken.Task.WaitAsync(Patience);

        public Task PeerGone => _server.PeerGone.Task.WaitAsync(Patience);

        public void Dispose() => _server.Dispose();
    }
}
