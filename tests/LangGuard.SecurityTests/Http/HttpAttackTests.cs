using System.Net;
using System.Text;

namespace LangGuard.SecurityTests.Http;

/// <summary>What a corpus line cannot say: state, order, objects that change, and the odd corners of the client's API.</summary>
public sealed class HttpAttackTests
{
    private const string Public = "93.184.215.14";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    [Fact]
    public async Task Rebinding_between_look_ups_reaches_nothing()
    {
        using var server = Serve(Ok);
        var network = new ScriptedNetwork(server.Port, (_, times) => times == 1 ? [Public] : ["127.0.0.1"]);
        using var session = network.CreateSession("GET http://api.test/**");

        (await session.HttpClient.GetStringAsync("http://api.test/a")).Should().Be("ok");
        network.Asked["api.test"].Should().Be(1, "the answer that was checked is the one that is dialled");
        var second = () => session.HttpClient.GetStringAsync("http://api.test/b");

        await DeniesAsync(second, "http.private-address");
        network.Dialled.Should().Equal(new IPEndPoint(IPAddress.Parse(Public), 80));
    }

    [Fact]
    public async Task Every_address_of_an_answer_must_pass()
    {
        using var server = Serve(Ok);
        var network = new ScriptedNetwork(server.Port, (_, _) => [Public, "::ffff:10.0.0.1"]);
        using var session = network.CreateSession("GET http://api.test/**");

        await DeniesAsync(() => session.HttpClient.GetStringAsync("http://api.test/"), "http.private-address");
        network.Dialled.Should().BeEmpty();
    }

    [Fact]
    public async Task A_network_that_one_rule_opens_stays_closed_for_the_requests_of_another()
    {
        using var server = Serve(Ok);
        var network = new ScriptedNetwork(server.Port, (_, _) => ["10.1.2.3"]);
        using var session = network.CreateSession(
            "GET http://api.test/open/** private 10.1.0.0/16", "GET http://api.test/closed/**");

        (await session.HttpClient.GetStringAsync("http://api.test/open/a")).Should().Be("ok");
        await DeniesAsync(() => session.HttpClient.GetStringAsync("http://api.test/closed/a"), "http.private-address");
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("10.2.2.3", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("169.254.169.254", false)]
    public async Task A_rule_opens_the_network_that_it_names_and_no_other(string address, bool opens)
    {
        using var server = Serve(Ok);
        var network = new ScriptedNetwork(server.Port, (_, _) => [address]);
        using var session = network.CreateSession("GET http://api.test/** private 10.1.0.0/16");
        var get = () => session.HttpClient.GetStringAsync("http://api.test/");

        if (opens)
        {
            (await get()).Should().Be("ok");
        }
        else
        {
            await DeniesAsync(get, "http.private-address");
        }
    }

    [Fact]
    public async Task Secrets_and_custom_headers_stay_behind_when_a_redirect_leaves_the_origin()
    {
        using var server = new ScriptedServer((stream, head, _) => ScriptedServer.SayAsync(stream,
            head.StartsWith("GET /start", StringComparison.Ordinal) ? Redirect("http://other.test/hop")
            : head.StartsWith("GET /hop", StringComparison.Ordinal) ? Redirect("http://api.test/end")
            : Ok));
        var network = new ScriptedNetwork(server.Port, (_, _) => [Public]);
        using var session = network.CreateSession("GET http://api.test/** header *", "GET http://other.test/** header *");
        var request = Secretive("http://api.test/start");

        (await session.HttpClient.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.OK);

        server.Heads.Should().HaveCount(3);
        server.Heads[0].Should().Contain("Bearer s3cret").And.Contain("sid=s3cret").And.Contain("X-Api-Key");
        foreach (var head in server.Heads.Skip(1))
        {
            head.Should().NotContain("s3cret").And.NotContain("X-Api-Key").And.Contain("Accept: text/plain");
        }
    }

    [Fact]
    public async Task A_redirect_within_the_origin_keeps_the_headers()
    {
        using var server = new ScriptedServer((stream, head, _) => ScriptedServer.SayAsync(
            stream, head.StartsWith("GET /start", StringComparison.Ordinal) ? Redirect("/end") : Ok));
        var network = new ScriptedNetwork(server.Port, (_, _) => [Public]);
        using var session = network.CreateSession("GET http://api.test/** header *");

        using var response = await session.HttpClient.SendAsync(Secretive("http://api.test/start"));

        server.Heads[1].Should().Contain("Bearer s3cret").And.Contain("X-Api-Key");
        response.RequestMessage!.RequestUri.Should().Be(new Uri("http://api.test/end"));
    }

    [Theory]
    [InlineData("http://evil.test/")]
    [InlineData("//evil.test/")]
    [InlineData("///evil.test/")]
    [InlineData("\\\\evil.test\\x")]
    [InlineData("/\\evil.test/")]
    [InlineData("http:\\\\evil.test/")]
    [InlineData("http:/evil.test/")]
    [InlineData("http:evil.test/")]
    [InlineData("http://api.test@evil.test/")]
    [InlineData("http://api.test:80@evil.test/")]
    [InlineData("http://evil.test%2f.api.test/")]
    [InlineData("http://evil.test#@api.test/")]
    [InlineData("http://[::1].api.test/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://api.test:8080/")]
    [InlineData("HTTP://EVIL.TEST/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/plain,x")]
    [InlineData("/secret")]
    [InlineData("../secret")]
    [InlineData("/granted/../secret")]
    [InlineData("/granted/%2e%2e/secret")]
    [InlineData("/granted/..%2fsecret")]
    [InlineData("/granted/..;/secret")]
    [InlineData("/granted/%252e%252e/secret")]
    [InlineData("/granted?unlisted=1")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("http://")]
    [InlineData("http:///")]
    public async Task An_odd_redirect_target_reaches_nothing(string location)
    {
        using var server = new ScriptedServer((stream, head, _) => ScriptedServer.SayAsync(
            stream, head.StartsWith("GET /granted/start ", StringComparison.Ordinal) ? Redirect(location) : Ok));
        var network = new ScriptedNetwork(server.Port, (_, _) => [Public]);
        using var session = network.CreateSession("GET http://api.test/granted/**");

        var get = () => session.HttpClient.GetStringAsync("http://api.test/granted/start");

        await get.Should().ThrowAsync<AccessDeniedException>();
        server.Heads.Should().ContainSingle();
        network.Asked.Keys.Should().Equal("api.test");
    }

    [Fact]
    public async Task Two_redirect_targets_are_none()
    {
        using var server = Serve("HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
        var network = new ScriptedNetwork(server.Port, (_, _) => [Public]);
        using var session = network.CreateSession("GET http://api.test/**");

        await DeniesAsync(() => session.HttpClient.GetStringAsync("http://api.test/"), "http.bad-redirect");
    }

    [Theory]
    [InlineData("307 Temporary Redirect", "POST /end", true)]
    [InlineData("308 Permanent Redirect", "POST /end", true)]
    [InlineData("303 See Other", "GET /end", false)]
    [InlineData("302 Found", "GET /end", false)]
    public async Task A_redirected_body_is_decided_on_again(string status, string expected, bool hasBody)
    {
        using var server = new ScriptedServer((stream, head, _) => ScriptedServer.SayAsync(
            stream,
            head.StartsWith("POST /start", StringComparison.Ordinal)
                ? $"HTTP/1.1 {status}\r\nLocation: http://other.test/end\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" : Ok));
        var network = new ScriptedNetwork(server.Port, (_, _) => [Public]);
        using var session = network.CreateSession("POST http://api.test/start", "GET,POST http://other.test/end");
        using var narrow = network.CreateSession("POST http://api.test/start", "DELETE http://other.test/end");

        await session.HttpClient.PostAsync("http://api.test/start", new StringContent("payload"));
        server.Heads[1].Should().StartWith(expected);
        server.Heads[1].Contains("Content-Length: 7", StringComparison.Ordinal).Should().Be(hasBody);

        await DeniesAsync(
            async () => (await narrow.HttpClient.PostAsync("http://api.test/start", new StringContent("payload"))).ToString(),
            "http.method");
    }

    [Fact]
    public async Task A_raw_uri_injects_no_second_request()
    {
        using var server = Serve(Ok);
        var network = new ScriptedNetwork(server.Port, (_, _) => [Public]);
        using var session = network.CreateSession("GET http://api.test/**");
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        Uri.TryCreate("http://api.test/a HTTP/1.1\r\nHost: api.test\r\n\r\nDELETE /b", options, out var raw).Should().BeTrue();

        await DeniesAsync(() => session.HttpClient.GetStringAsync(raw), "http.url");
        server.Heads.Should().BeEmpty();

        using var plain = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = (_, cancellation) => network.ConnectAsync(new IPEndPoint(IPAddress.Loopback, 80), true, cancellation),
        });
        await plain.GetStringAsync(raw);
        server.Heads[0].Should().StartWith("GET /a HTTP/1.1\r\nHost: api.test\r\n\r\n", "the platform sends it as it is");
    }

    public static TheoryData<string, Action<HttpRequestMessage>, string> OddRequests => new()
    {
        { "Host of another site", request => request.Headers.Host = "evil.test", "http.forbidden-header" },
        { "two Hosts", request => request.Headers.TryAddWithoutValidation("Host", ["api.test", "evil.test"]), "http.forbidden-header" },
        { "CRLF in a value", request => request.Headers.TryAddWithoutValidation("X-A", "a\r\nX-B: c"), "http.malformed-header" },
        { "LF in User-Agent", request => request.Headers.TryAddWithoutValidation("User-Agent", "a\nX-B: c"), "http.malformed-header" },
        { "NUL", request => request.Headers.TryAddWithoutValidation("Accept", "a\0b"), "http.malformed-header" },
        { "non-ASCII", request => request.Headers.TryAddWithoutValidation("X-A", "\u010A"), "http.malformed-header" },
        {
            "CRLF in a content header",
            request => (request.Content = new StringContent("x")).Headers.TryAddWithoutValidation("X-A", "a\r\nX-B: c"),
            "http.malformed-header"
        },
        {
            "override in a content header",
            request => (request.Content = new StringContent("x")).Headers.TryAddWithoutValidation("X-HTTP-Method-Override", "DELETE"),
            "http.forbidden-header"
        },
        {
            "override with underscores",
            request => request.Headers.TryAddWithoutValidation("X_HTTP_Method_Override", "DELETE"),
            "http.forbidden-header"
        },
        {
            "a length that is not the length",
            request => (request.Content = new ByteArrayContent(new byte[20])).Headers.ContentLength = 5,
            "http.forbidden-header"
        },
        { "Expect", request => request.Headers.ExpectContinue = true, "http.forbidden-header" },
        { "Upgrade", request => request.Headers.Upgrade.ParseAdd("websocket"), "http.forbidden-header" },
        { "Connection option", request => request.Headers.Connection.Add("Authorization"), "http.forbidden-header" },
        { "TE", request => request.Headers.TE.ParseAdd("trailers"), "http.forbidden-header" },
        { "Trailer", request => request.Headers.Trailer.Add("X-A"), "http.forbidden-header" },
        {
            "chunked with a known length",
            request =>
            {
                request.Content = new StringContent("x");
                request.Headers.TransferEncodingChunked = true;
            },
            "http.forbidden-header"
        },
        { "Proxy-Authorization", request => request.Headers.ProxyAuthorization = new("Basic", "eDp5"), "http.forbidden-header" },
        { "CONNECT", request => request.Method = HttpMethod.Connect, "http.unknown-method" },
        { "TRACE", request => request.Method = HttpMethod.Trace, "http.unknown-method" },
        { "trace", request => request.Method = new HttpMethod("tRaCe"), "http.unknown-method" },
        { "PROPFIND", request => request.Method = new HttpMethod("PROPFIND"), "http.unknown-method" },
        { "other method", request => request.Method = new HttpMethod("delete"), "http.method" },
    };

    [Theory]
    [MemberData(nameof(OddRequests))]
    public async Task An_odd_request_reaches_nothing(string what, Action<HttpRequestMessage> shape, string rule)
    {
        using var server = Serve(Ok);
        var network = new ScriptedNetwork(server.Port, (_, _) => [Public]);
        using var session = network.CreateSession("GET,POST http://api.test/** header *");
        var request = new HttpRequestMessage(HttpMethod.Post, "http://api.test/x");
        shape(request);

        await DeniesAsync(async () => (await session.HttpClient.SendAsync(request)).ToString(), rule);
        server.Heads.Should().BeEmpty(what);
        network.Asked.Should().BeEmpty(what);
    }

    [Fact]
    public async Task What_typed_properties_say_without_harm_is_normalised()
    {
        using var server = Serve(Ok);
        var network = new ScriptedNetwork(server.Port, (_, _) => [Public]);
        using var session = network.CreateSession("GET,POST http://api.test/**");
        var request = new HttpRequestMessage(new HttpMethod("get"), "http://API.test./x")
        {
            Version = HttpVersion.Version30,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { Host = "api.test", ConnectionClose = true },
        };

        using var response = await session.HttpClient.SendAsync(request);

        server.Heads.Single().Should().Be("GET /x HTTP/1.1\r\nHost: api.test\r\n\r\n");
        network.Dialled.Should().ContainSingle("no version goes around the address check");
    }

    [Fact]
    public async Task A_body_is_read_once_and_sent_as_it_was_read()
    {
        var bodies = new List<string>();
        using var server = Serve(Ok);
        var network = new ScriptedNetwork(server.Port, (_, _) => [Public]);
        using var session = network.CreateSession("POST http://api.test/**");
        var content = new ShiftingContent();

        await session.HttpClient.PostAsync("http://api.test/x", content);

        content.Serialized.Should().Be(1);
        bodies.Should().BeEmpty();
        server.Heads.Single().Should().Contain("Content-Length: 6", "the length of what was read");
    }

    [Theory]
    [InlineData("//evil.test/x")]
    [InlineData("http://evil.test/x")]
    [InlineData("\\\\evil.test\\x")]
    [InlineData("/../secret")]
    [InlineData("../../secret")]
    public async Task A_relative_url_does_not_leave_its_base(string relative)
    {
        using var server = Serve(Ok);
        var network = new ScriptedNetwork(server.Port, (_, _) => [Public]);
        using var session = network.CreateSession("GET http://api.test/v1/**");
        using var client = session.CreateHttpClient();
        client.BaseAddress = new Uri("http://api.test/v1/");

        var get = () => client.GetStringAsync(new Uri(relative, UriKind.RelativeOrAbsolute));

        await get.Should().ThrowAsync<AccessDeniedException>();
        server.Heads.Should().BeEmpty();
        (await client.GetStringAsync("ok")).Should().Be("ok");
    }

    [Fact]
    public async Task A_denial_tells_no_address_and_no_query()
    {
        using var server = Serve(Ok);
        var network = new ScriptedNetwork(server.Port, (_, _) => ["10.9.8.7"]);
        using var session = network.CreateSession("GET http://api.test/** query *");

        var denial = await DeniesAsync(
            () => session.HttpClient.GetStringAsync("http://api.test/x?token=s3cret"), "http.private-address");

        denial.ToString().Should().NotContain("10.9.8.7").And.NotContain("s3cret");
    }

    [Fact]
    public async Task The_proxy_of_the_environment_is_ignored()
    {
        using var server = Serve(Ok);
        using var proxy = Serve(Ok.Replace("ok", "no", StringComparison.Ordinal));
        using var session = LoopbackSession.Create(server.Port, "GET http://api.test:{port}/**");
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy(new Uri($"http://127.0.0.1:{proxy.Port}"));
        try
        {
            (await session.HttpClient.GetStringAsync($"http://api.test:{server.Port}/x")).Should().Be("ok");
            proxy.Heads.Should().BeEmpty();

            using var plain = new HttpClient();
            (await plain.GetStringAsync($"http://api.test:{server.Port}/x")).Should().Be("no");
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    [Fact]
    public async Task Nothing_is_sent_after_the_session_has_ended()
    {
        using var server = Serve(Ok);
        var network = new ScriptedNetwork(server.Port, (_, _) => [Public]);
        var session = network.CreateSession("GET http://api.test/**");
        var client = session.CreateHttpClient();
        session.Dispose();

        await DeniesAsync(() => client.GetStringAsync("http://api.test/x"), "session.ended");
        server.Heads.Should().BeEmpty();
    }

    private static string Redirect(string location) =>
        $"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    private static HttpRequestMessage Secretive(string url) => new(HttpMethod.Get, url)
    {
        Headers =
        {
            { "Authorization", "Bearer s3cret" },
            { "Cookie", "sid=s3cret" },
            { "X-Api-Key", "s3cret" },
            { "Accept", "text/plain" },
        },
    };

    private static ScriptedServer Serve(string answer) => new((stream, _, _) => ScriptedServer.SayAsync(stream, answer));

    private static async Task<AccessDeniedException> DeniesAsync(Func<Task<string>> send, string rule)
    {
        var denial = (await send.Should().ThrowAsync<AccessDeniedException>()).Which;
        denial.Decision.Reason!.Rule.Should().Be(rule);
        return denial;
    }

    /// <summary>Says something else each time.</summary>
    private sealed class ShiftingContent : HttpContent
    {
        public int Serialized { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            await stream.WriteAsync(Encoding.ASCII.GetBytes(++Serialized == 1 ? "benign" : "malicious"));

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
