using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using LangGuard.Auditing;
using LangGuard.Http;
using LangGuard.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace LangGuard.Tests.Http.Credentials;

/// <summary>Brokered credentials over real sockets: they reach the server, and nobody else.</summary>
public sealed class CredentialTests
{
    private const string ReadSecret = "read-k3y/0123456789+abc";
    private const string WriteSecret = "write-k3y/9876543210+xyz";

    private static readonly RequestDelegate Show = context => context.Response.WriteAsync(
        $"{context.Request.Headers.Authorization == $"Bearer {ReadSecret}"} {context.Request.Headers.Authorization == $"Bearer {WriteSecret}"}");

    [Fact]
    public async Task Attaches_a_read_key_to_reads_and_a_write_key_to_writes()
    {
        await using var world = await StartAsync(Show, "GET,POST {api}/v1/** inject key");

        (await world.Client.GetStringAsync($"{world.Api}/v1/orders")).Should().Be("True False");
        using var posted = await world.Client.PostAsync($"{world.Api}/v1/orders", new StringContent("x"));
        (await posted.Content.ReadAsStringAsync()).Should().Be("False True");
    }

    [Fact]
    public async Task Without_the_clause_no_credential_is_attached()
    {
        await using var world = await StartAsync(Show, "GET {api}/v1/**");

        (await world.Client.GetStringAsync($"{world.Api}/v1/orders")).Should().Be("False False");
    }

    [Theory]
    [InlineData("Authorization", "Bearer mine")]
    [InlineData("authorization", "Basic eDp5")]
    [InlineData("Cookie", "session=1")]
    [InlineData("X-Api-Key", "mine")]
    [InlineData("X_Api_Key", "mine")]
    public async Task Refuses_what_the_agent_puts_where_credentials_go(string header, string value)
    {
        await using var world = await StartAsync(Show, "GET {api}/v1/** header * inject key", "GET {api}/open/** header *");
        foreach (var path in new[] { "/v1/orders", "/open/orders" })
        {
            var request = new HttpRequestMessage(HttpMethod.Get, world.Api + path);
            request.Headers.TryAddWithoutValidation(header, value);

            (await Denied(() => world.Client.SendAsync(request))).Should().Be("http.credential-slot");
        }

        world.Server.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("key=mine")]
    [InlineData("KEY=mine")]
    [InlineData("k%65y=mine")]
    [InlineData("page=1&key=mine")]
    [InlineData("key[]=mine")]
    [InlineData("access_token=mine")]
    public async Task Refuses_a_query_key_of_the_agent_where_the_credential_is_one(string query)
    {
        await using var world = await StartAsync(
            Show, "GET {api}/v1/** query * inject query", configure: allow => allow.Credential(
                "query", "{url}/v1/**", c => c.Query("key").Read((_, _) => ValueTask.FromResult<string?>(ReadSecret))));

        (await Denied(() => world.Client.GetAsync($"{world.Api}/v1/a?{query}"))).Should().Be("http.credential-slot");
        (await world.Client.GetAsync($"{world.Api}/v1/a?page=1")).StatusCode.Should().Be(HttpStatusCode.OK);
        world.Server.Requests.Should().ContainSingle().Which.Should().EndWith($"/v1/a?page=1&key={Uri.EscapeDataString(ReadSecret)}");
    }

    [Theory]
    [InlineData("Range", "bytes=0-10")]
    [InlineData("If-Range", "\"x\"")]
    public async Task Refuses_ranges_where_a_credential_is_attached(string header, string value)
    {
        await using var world = await StartAsync(Show, "GET {api}/v1/** inject key", "GET {api}/open/**");
        HttpRequestMessage Request(string path)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, world.Api + path);
            request.Headers.TryAddWithoutValidation(header, value);
            return request;
        }

        (await Denied(() => world.Client.SendAsync(Request("/v1/a")))).Should().Be("http.credential-range");
        (await world.Client.SendAsync(Request("/open/a"))).StatusCode.Should().Be(HttpStatusCode.OK, "the positive control");
    }

    [Fact]
    public async Task A_credential_goes_only_where_the_policy_says()
    {
        await using var world = await StartAsync(
            Show, "GET,DELETE {api}/** inject narrow", configure: allow => allow.Credential(
                "narrow", "{url}/v1/**", c => c.Read((_, _) => ValueTask.FromResult<string?>(ReadSecret))));

        (await world.Client.GetStringAsync($"{world.Api}/v1/a")).Should().Be("True False");
        (await Denied(() => world.Client.GetAsync($"{world.Api}/v2/a"))).Should().Be("http.credential-scope");
        (await Denied(() => world.Client.DeleteAsync($"{world.Api}/v1/a"))).Should().Be("http.credential-scope");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("short")]
    [InlineData("line\r\nX-Injected: 1")]
    [InlineData(" padded secret ")]
    public async Task Denies_when_the_broker_has_no_usable_secret(string? secret)
    {
        await using var world = await StartAsync(
            Show, "GET {api}/** inject odd", configure: allow => allow.Credential(
                "odd", "{url}/**", c => c.Read((_, _) => ValueTask.FromResult(secret))));

        (await Denied(() => world.Client.GetAsync($"{world.Api}/a"))).Should().Be("http.credential");
        world.Server.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_broker_that_fails_says_nothing_to_the_agent()
    {
        await using var world = await StartAsync(
            Show, "GET {api}/** inject odd", configure: allow => allow.Credential(
                "odd", "{url}/**", c => c.Read((_, _) => throw new InvalidOperationException("vault token " + ReadSecret))));

        var denial = (await world.Client.Invoking(c => c.GetAsync($"{world.Api}/a")).Should().ThrowAsync<AccessDeniedException>()).Which;

        denial.Decision.Reason!.Rule.Should().Be("http.credential");
        denial.ToString().Should().NotContain(ReadSecret);
    }

    [Fact]
    public async Task Asks_the_broker_on_behalf_of_the_principal()
    {
        var broker = new RecordingBroker();
        await using var world = await StartAsync(
            Show, "GET,POST {api}/** inject mine", configure: allow => allow.UseCredentialBroker(broker)
                .Credential("mine", "{url}/**", c => c.Read("vault:read").Write("vault:write")));

        await world.Client.GetAsync($"{world.Api}/a");
        await world.Client.PostAsync($"{world.Api}/a", null);

        broker.Asked.Should().Equal("mine vault:read False api.test alice", "mine vault:write True api.test alice");
    }

    [Fact]
    public async Task Scrubs_an_echo_from_headers_reason_and_body()
    {
        await using var world = await StartAsync(
            async context =>
            {
                var secret = context.Request.Headers.Authorization.ToString()[7..];
                var base64 = Convert.ToBase64String(Encoding.ASCII.GetBytes("x" + secret));
                context.Response.Headers["X-Echo"] = "a " + secret;
                context.Response.Headers["Link"] = $"<https://api.test/?t={Uri.EscapeDataString(secret)}>; rel=next";
                context.Response.Headers.ETag = $"\"{base64}\"";
                context.Response.Headers["X-" + Convert.ToHexString(Encoding.ASCII.GetBytes(secret))] = "1";
                context.Response.ContentType = "text/plain; x=" + Convert.ToHexString(Encoding.ASCII.GetBytes(secret));
                await context.Response.WriteAsync($"one {secret} two {base64} three");
            },
            "GET {api}/v1/** inject key");

        using var response = await world.Client.GetAsync($"{world.Api}/v1/a", HttpCompletionOption.ResponseHeadersRead);
        var everything = $"{response} {await response.Content.ReadAsStringAsync()}";

        ShouldHoldNoSecret(everything);
        everything.Should().Contain("X-Echo").And.Contain("Link").And.Contain("ETag").And.Contain("one *").And.Contain("three");
        response.RequestMessage!.Headers.Authorization.Should().BeNull();
        response.RequestMessage.RequestUri!.Query.Should().BeEmpty();
    }

    [Fact]
    public async Task Scrubs_an_echo_cut_over_many_chunks_and_compressed()
    {
        await using var world = await StartAsync(
            async context =>
            {
                var text = Encoding.ASCII.GetBytes($"<{context.Request.Headers.Authorization}>");
                if (context.Request.Path == "/v1/gzip")
                {
                    context.Response.Headers.ContentEncoding = "gzip";
                    await using var gzip = new System.IO.Compression.GZipStream(
                        context.Response.Body, System.IO.Compression.CompressionMode.Compress, leaveOpen: true);
                    await gzip.WriteAsync(text);
                    return;
                }

                foreach (var value in text)
                {
                    await context.Response.Body.WriteAsync(new[] { value });
                    await context.Response.Body.FlushAsync();
                }
            },
            "GET {api}/v1/** inject key");

        foreach (var path in new[] { "/v1/chunks", "/v1/gzip" })
        {
            var text = await world.Client.GetStringAsync(world.Api + path);
            text.Should().Be($"<Bearer {new string('*', ReadSecret.Length)}>");
            await using var stream = await world.Client.GetStreamAsync(world.Api + path);
            var one = new byte[1];
            var read = new StringBuilder();
            while (await stream.ReadAsync(one) == 1)
            {
                read.Append((char)one[0]);
            }

            read.ToString().Should().Be(text);
        }
    }

    [Fact]
    public async Task A_redirect_that_holds_the_secret_is_not_followed_and_another_origin_gets_no_credential()
    {
        await using var world = await StartAsync(
            context =>
            {
                var secret = context.Request.Headers.Authorization.ToString();
                if (context.Request.Path == "/v1/leak")
                {
                    context.Response.Redirect($"http://other.test:{context.Request.Host.Port}/take?t={Convert.ToBase64String(Encoding.ASCII.GetBytes(secret))}");
                }
                else if (context.Request.Path == "/v1/away")
                {
                    context.Response.Redirect($"http://other.test:{context.Request.Host.Port}/take");
                }
                else
                {
                    return context.Response.WriteAsync($"[{context.Request.Headers.Authorization}]");
                }

                return Task.CompletedTask;
            },
            "GET {api}/v1/** inject key", "GET {other}/take query t:text(4000)");

        (await world.Client.GetStringAsync($"{world.Api}/v1/away")).Should().Be("[]");
        (await Denied(() => world.Client.GetAsync($"{world.Api}/v1/leak"))).Should().Be("http.credential-echo");
        world.Server.Requests.Should().NotContain(r => r.Contains("/take?t="));
    }

    [Fact]
    public async Task Refuses_a_hop_that_holds_a_secret_once_it_has_been_attached()
    {
        await using var world = await StartAsync(
            Show, "GET {api}/v1/** inject key", "GET,POST {other}/** query * header *");
        await world.Client.GetAsync($"{world.Api}/v1/a");
        var other = world.Api.Replace("api.test", "other.test");
        var base64 = Convert.ToBase64String(Encoding.ASCII.GetBytes(ReadSecret));
        var withHeader = new HttpRequestMessage(HttpMethod.Get, other + "/a");
        withHeader.Headers.TryAddWithoutValidation("X-Data", ReadSecret);

        (await Denied(() => world.Client.GetAsync($"{other}/a?q={Uri.EscapeDataString(ReadSecret)}"))).Should().Be("http.credential-leak");
        (await Denied(() => world.Client.GetAsync($"{other}/{Uri.EscapeDataString(base64)}"))).Should().Be("http.credential-leak");
        (await Denied(() => world.Client.SendAsync(withHeader))).Should().Be("http.credential-leak");
        (await Denied(() => world.Client.PostAsync(other + "/a", new StringContent($"take {base64}")))).Should().Be("http.credential-leak");
        (await world.Client.GetAsync($"{other}/a?q=harmless")).StatusCode.Should().Be(HttpStatusCode.OK, "the positive control");
    }

    [Theory]
    [InlineData("NONSENSE SECRET\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nbad header SECRET\r\n\r\n")]
    [InlineData("HTTP/1.1 2SECRET\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nSECRET\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbodySECRET\r\n")]
    public async Task A_malformed_answer_is_not_quoted(string answer)
    {
        await using var server = new RawServer(answer);
        using var session = server.Session();

        var failure = (await session.HttpClient.Invoking(c => c.GetStringAsync(server.Url)).Should().ThrowAsync<Exception>()).Which;

        ShouldHoldNoSecret(failure.ToString());
    }

    [Fact]
    public async Task Trailers_reason_phrase_and_interim_answers_hold_no_secret()
    {
        await using var server = new RawServer(
            "HTTP/1.1 103 Early Hints\r\nLink: SECRET\r\n\r\nHTTP/1.1 200 SECRET\r\nTransfer-Encoding: chunked\r\nTrailer: X-Trail\r\n\r\n"
            + "4;x=SECRET\r\nbody\r\n0\r\nX-Trail: SECRET\r\n\r\n");
        using var session = server.Session();

        using var response = await session.HttpClient.GetAsync(server.Url);

        (await response.Content.ReadAsStringAsync()).Should().Be("body");
        ShouldHoldNoSecret($"{response} {response.TrailingHeaders}");
        server.Saw.Should().Contain(ReadSecret, "the positive control");
    }

    [Fact]
    public async Task Diagnostics_logs_and_audit_hold_no_secret()
    {
        var seen = new StringBuilder();
        using var events = new EveryEvent(seen);
        using var listener = DiagnosticListener.AllListeners.Subscribe(new EveryListener(seen));
        var sink = new RecordingSink();
        await using var world = await StartAsync(
            context => context.Response.WriteAsync($"{context.Request.Headers.Authorization}"),
            "GET {api}/v1/** inject key", "GET {api}/q/** inject query",
            configure: allow => allow.Credential(
                "query", "{url}/q/**", c => c.Query("key").Read((_, _) => ValueTask.FromResult<string?>(ReadSecret))),
            guard: guard => guard.AddAuditSink(sink));

        await world.Client.GetStringAsync($"{world.Api}/v1/a");
        await world.Client.GetStringAsync($"{world.Api}/q/a");
        string text;
        lock (seen)
        {
            text = seen.ToString();
        }

        ShouldHoldNoSecret(text);
        await Denied(() => world.Client.GetAsync($"{world.Api}/v1/{Uri.EscapeDataString(ReadSecret)}"));
        sink.Records.Should().NotBeEmpty();
        ShouldHoldNoSecret(string.Join('\n', sink.Records.Select(r => $"{r.Operation.Resource} {r.Operation.CanonicalEffect} {r.Decision.Reason}")));
    }

    [Theory]
    [InlineData("GET https://api.test/** inject missing", "does not have")]
    [InlineData("GET https://other.test/** inject key", "another host")]
    [InlineData("GET http://api.test/** inject key", "another host")]
    public void A_rule_and_its_credential_have_to_agree(string rule, string problem)
    {
        var build = () => Policy.Create(guard => guard.LimitPermissions(allow => allow.Http(rule)
            .Credential("key", "https://api.test/**", c => c.Read((_, _) => ValueTask.FromResult<string?>(ReadSecret)))));

        build.Should().Throw<PolicyValidationException>().WithMessage($"*{problem}*");
    }

    [Fact]
    public void Every_error_of_a_credential_is_reported_at_once()
    {
        var build = () => Policy.Create(guard => guard.LimitPermissions(allow => allow
            .Credential("a", "https://*.test/**", c => c.Read("k"))
            .Credential("b", "https://api.test/** query *", c => c.Read("k"))
            .Credential("c", "https://api.test/**", c => c.Header("Host").Read("k"))
            .Credential("d", "https://api.test/**", _ => { })
            .Credential("e", "https://api.test/**", c => c.Read("no broker"))));

        build.Should().Throw<PolicyValidationException>().Which.Errors.Select(e => e.Path.Split(':')[2])
            .Distinct().Should().BeEquivalentTo("a", "b", "c", "d", "e");
    }

    private static void ShouldHoldNoSecret(string text)
    {
        foreach (var secret in new[] { ReadSecret, WriteSecret })
        {
            SecretScrubber.Finds(SecretPatterns.Of(secret), Encoding.UTF8.GetBytes(text)).Should().BeFalse(text);
        }
    }

    private static async Task<string> Denied(Func<Task> send) =>
        (await send.Should().ThrowAsync<AccessDeniedException>()).Which.Decision.Reason!.Rule;

    private static Task<HttpWorld> StartAsync(RequestDelegate answer, params string[] rules) =>
        StartAsync(answer, rules, null, null);

    private static Task<HttpWorld> StartAsync(
        RequestDelegate answer, string rule, Action<PermissionsBuilder>? configure) =>
        StartAsync(answer, [rule], configure, null);

    private static Task<HttpWorld> StartAsync(
        RequestDelegate answer, string rule, string second, Action<PermissionsBuilder>? configure, Action<PolicyBuilder> guard) =>
        StartAsync(answer, [rule, second], configure, guard);

    private static Task<HttpWorld> StartAsync(
        RequestDelegate answer, string[] rules, Action<PermissionsBuilder>? configure, Action<PolicyBuilder>? guard) =>
        HttpWorld.StartAsync(
            answer,
            builder =>
            {
                guard?.Invoke(builder);
                builder.LimitPermissions(allow =>
                {
                    configure?.Invoke(allow);
                    allow.Credential("key", "{url}/v1/**", c => c
                        .Read((_, _) => ValueTask.FromResult<string?>(ReadSecret))
                        .Write((_, _) => ValueTask.FromResult<string?>(WriteSecret)));
                });
                var port = new Uri(builder.Options.LimitPermissions.Http.Keys.First().Split(' ')[1].Replace("/**", string.Empty)).Port;
                foreach (var credential in builder.Options.LimitPermissions.Credentials.Values)
                {
                    credential.Url = credential.Url!.Replace("{url}", $"http://api.test:{port}", StringComparison.Ordinal);
                }
            },
            null,
            rules);

    /// <summary>Answers one request with these very bytes, SECRET replaced by what the client sent.</summary>
    private sealed class RawServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        public RawServer(string answer)
        {
            _listener.Start();
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _serving = ServeAsync(answer);
        }

        public int Port { get; }

        public string Url => $"http://127.0.0.1:{Port}/a";

        public string Saw { get; private set; } = string.Empty;

        public GuardSession Session()
        {
            var policy = Policy.Create(guard => guard
                .LimitPermissions(allow => allow
                    .Http($"GET http://127.0.0.1:{Port}/** private 127.0.0.0/8 inject key")
                    .Credential("key", $"http://127.0.0.1:{Port}/**", c => c.Read((_, _) => ValueTask.FromResult<string?>(ReadSecret))))
                .DefendInDepth(defense => defense.AllowUnguardedListener(Port)));
            return GuardSession.Create(policy, new Principal("alice"));
        }

        public async ValueTask DisposeAsync()
        {
            await _serving;
            _listener.Dispose();
        }

        private async Task ServeAsync(string answer)
        {
            using var socket = await _listener.AcceptSocketAsync();
            var buffer = new byte[4096];
            Saw = Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer));
            var line = Saw.Split("\r\n").Single(l => l.StartsWith("Authorization", StringComparison.Ordinal));
            await socket.SendAsync(Encoding.ASCII.GetBytes(answer.Replace("SECRET", line[22..])));
        }
    }

    private sealed class RecordingBroker : ICredentialBroker
    {
        public List<string> Asked { get; } = [];

        public ValueTask<string?> GetSecretAsync(CredentialRequest request, CancellationToken cancellationToken)
        {
            Asked.Add($"{request.Credential} {request.Key} {request.IsWrite} {request.Host} {request.Principal.Id}");
            return ValueTask.FromResult<string?>(ReadSecret);
        }
    }

    private sealed class EveryEvent(StringBuilder seen) : EventListener
    {
        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            // The platform's private tracing (Private.InternalDiagnostics) shows all there is; turning it on is the host's own act.
            if (eventSource.Name.StartsWith("System.Net", StringComparison.Ordinal))
            {
                EnableEvents(eventSource, EventLevel.Verbose, EventKeywords.All);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (seen is not null)
            {
                lock (seen)
                {
                    seen.AppendJoin(' ', eventData.Payload ?? (IEnumerable<object?>)[]).Append('\n');
                }
            }
        }
    }

    private sealed class EveryListener(StringBuilder seen) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name.Contains("HttpHandler", StringComparison.Ordinal))
            {
                value.Subscribe(this);
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            lock (seen)
            {
                seen.Append(value.Value).Append('\n');
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
