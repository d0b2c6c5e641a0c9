using System.Collections.Concurrent;
using LangGuard.Auditing;

namespace LangGuard.SecurityTests.Http;

/// <summary>What stops a request behind the decision is in the audit under its own rule.</summary>
public sealed class HttpAuditTests
{
    private const string Public = "93.184.215.14";
    private const string Ok = "HTTP/1.1 200 OK\r\nConnection: close\r\n";

    public static TheoryData<string, string, string, string> Walls => new()
    {
        { "http.private-address", "10.0.0.1", Ok + "Content-Length: 2\r\n\r\nok", "" },
        { "http.response-too-large", Public, Ok + "Content-Length: 2000\r\n\r\n", "max-response 1KiB" },
        { "http.response-too-large", Public, Ok + "\r\n" + new string('x', 2000), "max-response 1KiB" },
        { "http.response-type", Public, Ok + "Content-Type: text/html\r\nContent-Length: 2\r\n\r\nok", "type application/json" },
        { "http.decompression", Public, Ok + "Content-Encoding: x-new\r\nContent-Length: 2\r\n\r\nok", "" },
        { "http.too-many-events", Public, Ok + "Content-Type: text/event-stream\r\n\r\n\n\n\n\n\n\n\n", "events 2" },
        { "http.bad-redirect", Public, Found("ht!tp://x"), "" },
        { "http.bad-redirect", Public, Found("file:///etc/passwd\\"), "" },
        { "http.too-slow", Public, Ok + "Content-Length: 100\r\n\r\nx", "timeout 200ms" },
    };

    [Theory]
    [MemberData(nameof(Walls))]
    public async Task Records_the_rule_that_stopped_it(string rule, string address, string answer, string limits)
    {
        using var server = new ScriptedServer(async (stream, _, cancellation) =>
        {
            await ScriptedServer.SayAsync(stream, answer);
            if (rule == "http.too-slow")
            {
                await ScriptedServer.SilenceAsync(cancellation);
            }
        });
        var sink = new Recorder();
        var network = new ScriptedNetwork(server.Port, (_, _) => [address]);
        using var session = network.CreateSession(
            guard => guard.DefendInDepth(defense => defense.Audit(audit => audit.To(sink))), "GET http://api.test/** " + limits);

        var denial = await FluentActions.Awaiting(() => session.HttpClient.GetByteArrayAsync("http://api.test/x"))
            .Should().ThrowAsync<AccessDeniedException>();

        denial.Which.Decision.Reason!.Rule.Should().Be(rule);
        var ended = sink.Records.Single(record => record.Phase == AuditPhase.Outcome);
        ended.Outcome.StoppedBy?.Rule.Should().Be(rule);
        ended.Outcome.Status.Should().Be(OutcomeStatus.Failed);
    }

    [Theory]
    [InlineData("http://other.test/", "http.endpoint")]
    [InlineData("http://api.test:8080/", "http.endpoint")]
    [InlineData("http://2130706433/", "http.url")]
    public async Task Records_a_redirect_that_is_denied_as_an_operation_of_its_own(string location, string rule)
    {
        using var server = new ScriptedServer((stream, _, _) => ScriptedServer.SayAsync(stream, Found(location)));
        var sink = new Recorder();
        var network = new ScriptedNetwork(server.Port, (_, _) => [Public]);
        using var session = network.CreateSession(
            guard => guard.DefendInDepth(defense => defense.Audit(audit => audit.To(sink))), "GET http://api.test/**");

        await FluentActions.Awaiting(() => session.HttpClient.GetByteArrayAsync("http://api.test/x"))
            .Should().ThrowAsync<AccessDeniedException>();

        sink.Records.Where(record => record.Phase == AuditPhase.Decision).Select(record => record.Decision.Reason?.Rule)
            .Should().Equal(null, rule);
    }

    private static string Found(string location) =>
        $"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    private sealed class Recorder : IAuditSink
    {
        public ConcurrentQueue<AuditRecord> Records { get; } = new();

        public void Write(in AuditRecord record) => Records.Enqueue(record);
    }
}
