using System.Diagnostics;
using System.IO.Compression;

namespace LangGuard.SecurityTests.Http;

/// <summary>Servers that never stop. Each request ends within its limit, and the socket is closed.</summary>
public sealed class ResponseLimitTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    [Fact]
    public async Task Ends_a_body_that_drips()
    {
        using var server = new ScriptedServer(async (stream, _, cancellation) =>
        {
            await ScriptedServer.SayAsync(stream, Ok + "Content-Length: 100\r\n\r\nx");
            await ScriptedServer.SilenceAsync(cancellation);
        });

        await EndsAsync(server, "idle 300ms timeout 20s", TimeSpan.FromMilliseconds(300), "http.too-slow");
    }

    [Fact]
    public async Task Ends_headers_that_drip()
    {
        using var server = new ScriptedServer(async (stream, _, cancellation) =>
        {
            await ScriptedServer.SayAsync(stream, "HTTP/1.1 200 OK\r\nX-A: b");
            await ScriptedServer.SilenceAsync(cancellation);
        });

        await EndsAsync(server, "timeout 400ms", TimeSpan.FromMilliseconds(400), "http.too-slow");
    }

    [Fact]
    public async Task Ends_a_body_that_drips_for_ever_by_the_total_time()
    {
        using var server = new ScriptedServer(async (stream, _, cancellation) =>
        {
            await ScriptedServer.SayAsync(stream, Ok + "Transfer-Encoding: chunked\r\n\r\n");
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                await ScriptedServer.SayAsync(stream, "1\r\nx\r\n");
            }
        });

        await EndsAsync(server, "idle 5s timeout 500ms", TimeSpan.FromMilliseconds(500), "http.too-slow");
    }

    [Fact]
    public async Task Ends_a_response_that_is_handed_over_and_never_read()
    {
        using var server = new ScriptedServer(async (stream, _, cancellation) =>
        {
            await ScriptedServer.SayAsync(stream, Ok + "Transfer-Encoding: chunked\r\n\r\n");
            await ScriptedServer.SilenceAsync(cancellation);
        });
        using var session = LoopbackSession.Create(server.Port, "GET http://api.test:{port}/** timeout 400ms");

        using var response = await session.HttpClient.GetAsync(Url(server), HttpCompletionOption.ResponseHeadersRead);

        await server.PeerGone.Task.WaitAsync(TimeSpan.FromSeconds(10));
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

        await EndsAsync(server, "timeout 10s", TimeSpan.FromSeconds(5), "http.response-too-large");
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

        await EndsAsync(server, "timeout 10s", TimeSpan.FromSeconds(5), "http.response-too-large");
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

        var before = GC.GetTotalAllocatedBytes(precise: true);
        await EndsAsync(server, "timeout 20s", TimeSpan.FromSeconds(10), "http.decompression", isStreamed: true);
        (GC.GetTotalAllocatedBytes(precise: true) - before).Should().BeLessThan(16 * 1024 * 1024, "memory stays flat");
    }

    [Fact]
    public async Task Ends_encodings_in_layers()
    {
        using var server = new ScriptedServer((stream, _, _) =>
            ScriptedServer.SayAsync(stream, Ok + "Content-Encoding: gzip, gzip\r\nContent-Length: 3\r\n\r\nabc"));

        await EndsAsync(server, "timeout 20s", TimeSpan.FromSeconds(5), "http.decompression");
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

        await EndsAsync(server, "max-response 1MiB timeout 20s", TimeSpan.FromSeconds(10), "http.response-too-large", isStreamed);
    }

    [Fact]
    public async Task Refuses_a_stated_length_over_the_limit_before_reading()
    {
        using var server = new ScriptedServer(async (stream, _, cancellation) =>
        {
            await ScriptedServer.SayAsync(stream, Ok + "Content-Length: 10737418240\r\n\r\n");
            await ScriptedServer.SilenceAsync(cancellation);
        });

        await EndsAsync(server, "timeout 20s", TimeSpan.FromSeconds(5), "http.response-too-large");
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

        await EndsAsync(server, "events 100 timeout 20s", TimeSpan.FromSeconds(10), "http.too-many-events", isStreamed: true);
    }

    [Fact]
    public async Task Ends_a_redirect_loop()
    {
        using var server = new ScriptedServer((stream, _, _) => ScriptedServer.SayAsync(
            stream, "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));

        await EndsAsync(server, "timeout 20s", TimeSpan.FromSeconds(5), "http.too-many-redirects", isClosed: false);
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

        await EndsAsync(server, "type application/json", TimeSpan.FromSeconds(5), "http.response-type", isClosed: false);
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

    private static async Task EndsAsync(
        ScriptedServer server, string limits, TimeSpan limit, string rule, bool isStreamed = false, bool isClosed = true)
    {
        using var session = LoopbackSession.Create(server.Port, "GET http://api.test:{port}/** " + limits);
        var watch = Stopwatch.StartNew();

        var get = async () =>
        {
            if (!isStreamed)
            {
                await session.HttpClient.GetByteArrayAsync(Url(server));
                return;
            }

            using var response = await session.HttpClient.GetAsync(Url(server), HttpCompletionOption.ResponseHeadersRead);
            await using var stream = await response.Content.ReadAsStreamAsync();
            await stream.CopyToAsync(Stream.Null);
        };

        (await get.Should().ThrowAsync<AccessDeniedException>()).Which.Decision.Reason!.Rule.Should().Be(rule);
        watch.Elapsed.Should().BeLessThan(limit * 1.1 + TimeSpan.FromMilliseconds(500), "the rest is a busy machine");
        if (isClosed)
        {
            await server.PeerGone.Task.WaitAsync(TimeSpan.FromSeconds(10));
        }
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
}
