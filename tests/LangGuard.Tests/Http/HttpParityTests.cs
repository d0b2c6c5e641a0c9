using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LangGuard.Tests.Http;

/// <summary>The same honest program against a plain and a guarded client.</summary>
public sealed class HttpParityTests
{
    [Fact]
    public async Task Sixty_pages_with_etags_compression_waiting_and_redirects_are_the_same()
    {
        await using var world = await HttpWorld.StartAsync(
            new Pages().AnswerAsync, "GET {api}/pages query page:int", "GET {api}/moved query page:int");
        using var plain = new HttpClient(new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.All,
            UseProxy = false,
        });

        var expected = await RunAsync(plain, $"http://127.0.0.1:{world.Server.Port}");
        var actual = await RunAsync(world.Client, world.Api);

        actual.Should().Equal(expected);
        expected.Should().HaveCountGreaterThan(60);
    }

    [Fact]
    public async Task Streams_and_cancels_like_a_plain_client()
    {
        var gone = new TaskCompletionSource();
        await using var world = await HttpWorld.StartAsync(
            async context =>
            {
                await context.Response.WriteAsync("first");
                await context.Response.Body.FlushAsync();
                using var registration = context.RequestAborted.Register(gone.SetResult);
                await gone.Task;
            },
            "GET {api}/**");
        using var stop = new CancellationTokenSource();

        using var response = await world.Client.GetAsync($"{world.Api}/x", HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[16];
        (await stream.ReadAsync(buffer)).Should().Be(5);
        var more = stream.ReadAsync(buffer, stop.Token).AsTask();
        await stop.CancelAsync();

        await FluentActions.Awaiting(() => more).Should().ThrowAsync<OperationCanceledException>();
        response.Dispose();
        await gone.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task A_cancelled_request_is_cancelled_and_not_denied()
    {
        var arrived = new TaskCompletionSource();
        await using var world = await HttpWorld.StartAsync(
            async context =>
            {
                arrived.SetResult();
                await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
            },
            "GET {api}/**");
        using var stop = new CancellationTokenSource();

        var get = world.Client.GetAsync($"{world.Api}/x", stop.Token);
        await arrived.Task;
        await stop.CancelAsync();

        await FluentActions.Awaiting(() => get).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_server_that_is_down_is_a_request_error_and_not_a_denial()
    {
        await using var world = await HttpWorld.StartAsync(_ => Task.CompletedTask, "GET {api}/**");
        await world.Server.DisposeAsync();

        await FluentActions.Awaiting(() => world.Client.GetAsync($"{world.Api}/x")).Should().ThrowAsync<HttpRequestException>();
    }

    [Fact]
    public async Task Sends_large_and_streamed_bodies_whole()
    {
        await using var world = await HttpWorld.StartAsync(
            async context =>
            {
                long length = 0;
                var buffer = new byte[16 * 1024];
                for (int read; (read = await context.Request.Body.ReadAsync(buffer)) > 0;)
                {
                    length += read;
                }

                await context.Response.WriteAsync($"{context.Request.Headers.ContentLength}/{length}");
            },
            "POST {api}/**");
        var megabytes = new byte[3 * 1024 * 1024];

        async Task<string> Post(HttpContent content) =>
            await (await world.Client.PostAsync($"{world.Api}/x", content)).Content.ReadAsStringAsync();

        (await Post(new ByteArrayContent(megabytes))).Should().Be("3145728/3145728");
        (await Post(new StreamContent(new Unseekable(megabytes)))).Should().Be("/3145728");
        (await Post(new StringContent("short"))).Should().Be("5/5");
        await FluentActions.Awaiting(() => Post(new ByteArrayContent(new byte[11 * 1024 * 1024])))
            .Should().ThrowAsync<AccessDeniedException>();
        await FluentActions.Awaiting(() => Post(new StreamContent(new Unseekable(new byte[11 * 1024 * 1024]))))
            .Should().ThrowAsync<AccessDeniedException>();
    }

    private static async Task<List<string>> RunAsync(HttpClient client, string origin)
    {
        var log = new List<string>();
        var tags = new Dictionary<int, string>();
        for (var page = 1; page <= 60; page++)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, $"{origin}/{(page % 10 == 0 ? "moved" : "pages")}?page={page}");
            request.Headers.AcceptEncoding.ParseAdd("gzip");
            if (tags.TryGetValue(page / 2, out var tag))
            {
                request.Headers.IfNoneMatch.ParseAdd(tag);
            }

            using var response = await client.SendAsync(request);
            if (response.Headers.ETag is { } sent)
            {
                tags[page] = sent.ToString();
            }

            var headers = response.Headers.Concat(response.Content.Headers)
                .Where(header => header.Key is not "Date")
                .Select(header => $"{header.Key}={string.Join(',', header.Value)}").Order(StringComparer.Ordinal);
            log.Add($"{page} {(int)response.StatusCode} {response.RequestMessage!.Method} "
                + $"{response.RequestMessage.RequestUri!.PathAndQuery} {string.Join(' ', headers)} "
                + await response.Content.ReadAsStringAsync());
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                log.Add(response.Headers.RetryAfter!.ToString());
                page--;
            }
        }

        return log;
    }

    private sealed class Pages
    {
        private readonly HashSet<string> _slowedDown = [];

        public async Task AnswerAsync(HttpContext context)
        {
            var page = int.Parse(context.Request.Query["page"]!, CultureInfo.InvariantCulture);
            if (context.Request.Path == "/moved")
            {
                context.Response.Redirect($"/pages?page={page}");
                return;
            }

            if (page % 7 == 0 && _slowedDown.Add(context.Request.Host + " " + page))
            {
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                context.Response.Headers.RetryAfter = "1";
                return;
            }

            if (context.Request.Headers.IfNoneMatch.Count > 0 && page % 4 == 0)
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            var body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"page {page} ", 500 * (page % 5 + 1))));
            context.Response.Headers.ETag = $"\"{page}\"";
            context.Response.ContentType = "text/plain";
            if (page % 3 != 0)
            {
                await context.Response.Body.WriteAsync(body);
                return;
            }

            context.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            await gzip.WriteAsync(body);
        }
    }

    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
