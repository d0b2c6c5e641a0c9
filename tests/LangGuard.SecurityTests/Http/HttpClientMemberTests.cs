using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Reflection;
using System.Text;

namespace LangGuard.SecurityTests.Http;

/// <summary>Every way that the platform has to send something through a client, and what it could be made to carry along.</summary>
public sealed class HttpClientMemberTests
{
    private const string Public = "93.184.215.14";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    private const string Denied = "http://api.test/denied";

    public static TheoryData<string> Members()
    {
        var members = new TheoryData<string>();
        foreach (var method in Senders())
        {
            members.Add(method.ToString()!);
        }

        return members;
    }

    [Theory]
    [MemberData(nameof(Members))]
    public async Task Every_member_that_sends_is_guarded(string member)
    {
        using var server = Serve(Ok);
        using var session = new ScriptedNetwork(server.Port, (_, _) => [Public]).CreateSession("GET http://api.test/granted");
        var method = Senders().Single(candidate => candidate.ToString() == member);
        var arguments = method.GetParameters().Select(parameter => Argument(parameter.ParameterType)).ToArray();

        var call = async () =>
        {
            try
            {
                if (method.Invoke(session.HttpClient, arguments) is Task task)
                {
                    await task;
                }
            }
            catch (TargetInvocationException error)
            {
                throw error.InnerException!;
            }
        };

        await call.Should().ThrowAsync<AccessDeniedException>(member);
        server.Heads.Should().BeEmpty(member);
    }

    [Fact]
    public async Task The_extensions_for_JSON_are_guarded()
    {
        using var server = Serve(Ok);
        using var session = new ScriptedNetwork(server.Port, (_, _) => [Public]).CreateSession("GET http://api.test/granted");
        var client = session.HttpClient;

        await DeniesAsync(async () => await client.GetFromJsonAsync<object>(Denied));
        await DeniesAsync(async () => await client.PostAsJsonAsync(Denied, 1));
        await DeniesAsync(async () => await client.PutAsJsonAsync(Denied, 1));
        await DeniesAsync(async () => await client.PatchAsJsonAsync(Denied, 1));
        await DeniesAsync(async () => await client.DeleteFromJsonAsync<object>(Denied));
        await DeniesAsync(async () =>
        {
            await foreach (var _ in client.GetFromJsonAsAsyncEnumerable<object>(Denied))
            {
            }
        });
        server.Heads.Should().BeEmpty();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_web_socket_is_not_opened(string version)
    {
        using var server = Serve("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
        using var session = new ScriptedNetwork(server.Port, (_, _) => [Public]).CreateSession("* http://api.test/** header *");
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        var connect = () => socket.ConnectAsync(new Uri("ws://api.test/x"), session.HttpClient, CancellationToken.None);

        (await connect.Should().ThrowAsync<Exception>()).Which.ToString().Should().Contain("LangGuard.AccessDeniedException");
        server.Heads.Should().BeEmpty();
    }

    [Fact]
    public async Task A_server_that_switches_protocols_by_itself_hands_out_no_stream_to_write_to()
    {
        using var server = new ScriptedServer(async (stream, _, cancellation) =>
        {
            await ScriptedServer.SayAsync(stream, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nraw");
            await ScriptedServer.SilenceAsync(cancellation);
        });
        using var session = new ScriptedNetwork(server.Port, (_, _) => [Public]).CreateSession("GET http://api.test/**");

        var get = async () =>
        {
            using var response = await session.HttpClient.GetAsync("http://api.test/x", HttpCompletionOption.ResponseHeadersRead);
            return (await response.Content.ReadAsStreamAsync()).CanWrite;
        };

        (await get.Should().ThrowAsync<AccessDeniedException>()).Which.Decision.Reason!.Rule.Should().Be("http.protocol-switch");
        await server.PeerGone.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Content_headers_that_change_while_the_body_is_read_are_not_sent()
    {
        using var server = Serve(Ok);
        using var session = new ScriptedNetwork(server.Port, (_, _) => [Public]).CreateSession("POST http://api.test/** header *");
        using var content = new ChangingContent();
        content.Headers.TryAddWithoutValidation("X-Kept", "as it was");

        await session.HttpClient.PostAsync("http://api.test/x", content);

        server.Heads.Single().Should().Contain("X-Kept: as it was").And.NotContain("Override").And.NotContain("Injected")
            .And.NotContain("urlencoded");
    }

    [Fact]
    public async Task Content_headers_of_the_caller_s_making_do_not_follow_to_another_origin()
    {
        using var server = new ScriptedServer((stream, head, _) => ScriptedServer.SayAsync(
            stream,
            head.StartsWith("POST /start", StringComparison.Ordinal)
                ? "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://other.test/end\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" : Ok));
        using var session = new ScriptedNetwork(server.Port, (_, _) => [Public])
            .CreateSession("POST http://api.test/** header *", "POST http://other.test/** header *");
        using var content = new StringContent("payload", Encoding.UTF8, "text/plain");
        content.Headers.TryAddWithoutValidation("X-Api-Key", "s3cret");

        await session.HttpClient.PostAsync("http://api.test/start", content);

        server.Heads[0].Should().Contain("X-Api-Key: s3cret");
        server.Heads[1].Should().NotContain("s3cret").And.Contain("Content-Type: text/plain").And.Contain("Content-Length: 7");
    }

    [Theory]
    [InlineData("X-HTTP-Method", "DELETE")]
    [InlineData("X-Http-Method-Overrides", "DELETE")]
    [InlineData("x_http_method", "DELETE")]
    [InlineData("_method", "DELETE")]
    [InlineData("X-Original-Path", "/admin")]
    [InlineData("X-Rewrite-Path", "/admin")]
    [InlineData("X-Forward-For", "127.0.0.1")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X_Forwarded_For", "127.0.0.1")]
    [InlineData("X-Remote-User", "admin")]
    [InlineData("X-Middleware-Subrequest", "middleware")]
    [InlineData("X-MS-CLIENT-PRINCIPAL-NAME", "admin")]
    [InlineData("X-Goog-Authenticated-User-Email", "admin")]
    [InlineData("Content_Length", "0")]
    [InlineData("Content_Type", "text/html")]
    [InlineData("Transfer_Encoding", "chunked")]
    [InlineData("Proxy-Connection", "keep-alive")]
    [InlineData("Keep-Alive", "timeout=5")]
    [InlineData("HTTP2-Settings", "AAMAAABkAAQAoAAAAAIAAAAA")]
    public async Task Headers_that_make_another_request_of_it_are_refused(string name, string value)
    {
        using var server = Serve(Ok);
        using var session = new ScriptedNetwork(server.Port, (_, _) => [Public]).CreateSession("POST http://api.test/** header *");
        var request = new HttpRequestMessage(HttpMethod.Post, "http://api.test/x") { Content = new StringContent("x") };
        if (!request.Headers.TryAddWithoutValidation(name, value))
        {
            request.Content.Headers.TryAddWithoutValidation(name, value).Should().BeTrue();
        }

        (await FluentActions.Awaiting(() => session.HttpClient.SendAsync(request)).Should().ThrowAsync<AccessDeniedException>())
            .Which.Decision.Reason!.Rule.Should().Be("http.forbidden-header");
        server.Heads.Should().BeEmpty();
    }

    [Theory]
    [InlineData("x-ms-version", "2021-08-06")]
    [InlineData("X-Goog-Api-Key", "key")]
    [InlineData("X-Amzn-Trace-Id", "Root=1")]
    [InlineData("CF-Access-Client-Id", "id")]
    [InlineData("X-GitHub-Api-Version", "2022-11-28")]
    [InlineData("X-Method-Name", "list")]
    [InlineData("api_key", "key")]
    public async Task Ordinary_headers_of_APIs_pass_where_the_rule_lists_them(string name, string value)
    {
        using var server = Serve(Ok);
        using var session = new ScriptedNetwork(server.Port, (_, _) => [Public]).CreateSession($"GET http://api.test/** header {name}");
        var request = new HttpRequestMessage(HttpMethod.Get, "http://api.test/x");
        request.Headers.TryAddWithoutValidation(name, value);

        (await session.HttpClient.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.OK);
        server.Heads.Single().Should().Contain($"{name}: {value}");
    }

    [Fact]
    public async Task A_message_that_is_sent_again_is_decided_on_again()
    {
        using var server = Serve(Ok);
        using var session = new ScriptedNetwork(server.Port, (_, _) => [Public]).CreateSession("GET http://api.test/granted");
        using var invoker = session.CreateHttpClient();
        var request = new HttpRequestMessage(HttpMethod.Get, "http://api.test/granted");
        (await ((HttpMessageInvoker)invoker).SendAsync(request, CancellationToken.None)).StatusCode.Should().Be(HttpStatusCode.OK);

        var again = async () =>
        {
            var second = new HttpRequestMessage(HttpMethod.Get, "http://api.test/granted") { RequestUri = new Uri(Denied) };
            await ((HttpMessageInvoker)invoker).SendAsync(second, CancellationToken.None);
        };

        await again.Should().ThrowAsync<AccessDeniedException>();
        server.Heads.Should().ContainSingle();
    }

    private static async Task DeniesAsync(Func<Task> call) => await call.Should().ThrowAsync<AccessDeniedException>();

    private static IEnumerable<MethodInfo> Senders() => typeof(HttpClient)
        .GetMethods(BindingFlags.Public | BindingFlags.Instance)
        .Where(method => typeof(Task).IsAssignableFrom(method.ReturnType) || method.ReturnType == typeof(HttpResponseMessage));

    private static object? Argument(Type type) => type switch
    {
        _ when type == typeof(string) => Denied,
        _ when type == typeof(Uri) => new Uri(Denied),
        _ when type == typeof(HttpRequestMessage) => new HttpRequestMessage(HttpMethod.Delete, Denied),
        _ when type == typeof(HttpContent) => new StringContent("x"),
        _ when type == typeof(HttpCompletionOption) => HttpCompletionOption.ResponseHeadersRead,
        _ when type == typeof(CancellationToken) => CancellationToken.None,
        _ => throw new InvalidOperationException($"A member takes a {type}, which this test does not know."),
    };

    private static ScriptedServer Serve(string answer) => new((stream, _, _) => ScriptedServer.SayAsync(stream, answer));

    /// <summary>Changes its own headers while it is read.</summary>
    private sealed class ChangingContent : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            Headers.Remove("X-Kept");
            Headers.TryAddWithoutValidation("X-HTTP-Method-Override", "DELETE");
            Headers.TryAddWithoutValidation("X-A", "b\r\nX-Injected: c");
            Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded");
            await stream.WriteAsync("a=b"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
