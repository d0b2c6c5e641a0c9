using System.IO.Compression;

namespace LangGuard.SecurityTests.Http;

/// <summary>Large answers, and what they cost. Alone in the process, because memory is counted for all of it.</summary>
[CollectionDefinition(nameof(ResponseMemoryTests), DisableParallelization = true)]
[Collection(nameof(ResponseMemoryTests))]
public sealed class ResponseMemoryTests
{
    private const long Flat = 16 * 1024 * 1024;

    [Fact]
    public async Task A_bomb_of_one_to_a_thousand_is_never_unpacked()
    {
        var bomb = new MemoryStream();
        await using (var gzip = new GZipStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            await gzip.WriteAsync(new byte[256 * 1024 * 1024]);
        }

        (256L * 1024 * 1024 / bomb.Length).Should().BeGreaterThan(1000);
        using var server = new ScriptedServer(async (stream, _, cancellation) =>
        {
            await ScriptedServer.SayAsync(
                stream, $"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {bomb.Length}\r\n\r\n");
            await stream.WriteAsync(bomb.GetBuffer().AsMemory(0, (int)bomb.Length), cancellation);
        });

        (await AllocatedAsync(server, "", 0, "http.decompression")).Should().BeLessThan(Flat);
    }

    [Fact]
    public async Task Ten_gigabytes_in_chunks_end_at_the_limit()
    {
        using var server = Chunks(10L * 1024 * 1024 * 1024);

        (await AllocatedAsync(server, "", 0, "http.response-too-large")).Should().BeLessThan(Flat);
    }

    [Fact]
    public async Task A_long_answer_that_is_granted_is_passed_on_piece_by_piece()
    {
        const long length = 256 * 1024 * 1024;
        using var server = Chunks(length);

        (await AllocatedAsync(server, "max-response 1GiB max-content 1GiB", length, null)).Should().BeLessThan(Flat);
    }

    private static ScriptedServer Chunks(long length)
    {
        var chunk = System.Text.Encoding.ASCII.GetBytes($"10000\r\n{new string('x', 0x10000)}\r\n");
        return new ScriptedServer(async (stream, _, cancellation) =>
        {
            await ScriptedServer.SayAsync(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (long sent = 0; sent < length; sent += 0x10000)
            {
                await stream.WriteAsync(chunk, cancellation);
            }

            await ScriptedServer.SayAsync(stream, "0\r\n\r\n");
        });
    }

    private static async Task<long> AllocatedAsync(ScriptedServer server, string limits, long expected, string? rule)
    {
        using var session = LoopbackSession.Create(server.Port, $"GET http://api.test:{{port}}/** timeout 10m idle 5m {limits}");
        var before = GC.GetTotalAllocatedBytes(precise: true);
        string? denied = null;
        try
        {
            using var response = await session.HttpClient.GetAsync(
                $"http://api.test:{server.Port}/x", HttpCompletionOption.ResponseHeadersRead);
            await using var stream = await response.Content.ReadAsStreamAsync();
            var buffer = new byte[64 * 1024];
            long length = 0;
            for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
            {
                length += read;
            }

            length.Should().Be(expected);
        }
        catch (AccessDeniedException denial)
        {
            denied = denial.Decision.Reason!.Rule;
        }

        denied.Should().Be(rule);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
