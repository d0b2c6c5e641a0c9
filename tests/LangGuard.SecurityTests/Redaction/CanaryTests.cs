using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LangGuard.AI;
using LangGuard.Auditing;
using LangGuard.Observability;
using LangGuard.SecurityTests.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LangGuard.SecurityTests.Redaction;

public sealed class CanaryTests : IDisposable
{
    private const string Canary = "zebra-4417/quartz+lantern";
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("langguard-canary-");

    public void Dispose() => _temp.Delete(recursive: true);

    [Fact]
    public void The_search_of_this_test_finds_every_form()
    {
        foreach (var (form, text) in Disclosure.Forms(Canary))
        {
            Disclosure.Find($"before {text} after", Canary).Should().NotBeNull(form);
        }

        Disclosure.Find("nothing here: zebra and quartz", Canary).Should().BeNull();
    }

    [Fact]
    public async Task A_canary_in_files_and_responses_appears_nowhere_outside()
    {
        var root = _temp.CreateSubdirectory("kb").FullName;
        foreach (var (form, text) in Disclosure.Forms(Canary))
        {
            await File.WriteAllTextAsync(Path.Combine(root, form.Replace(' ', '-') + ".txt"), $"first line\nvalue: {text}\nlast line\n");
        }

        var everything = string.Join('\n', Disclosure.Forms(Canary).Select(form => form.Text));
        await File.WriteAllTextAsync(Path.Combine(root, "all.md"), everything);
        await File.WriteAllTextAsync(Path.Combine(root, ".env"), "TOKEN=" + Canary);
        await File.WriteAllTextAsync(Path.Combine(root, "zebra-4417.txt"), "a name that is only a part");
        using var server = new ScriptedServer(async (stream, _, _) =>
        {
            var body = JsonSerializer.Serialize(new { text = everything });
            await ScriptedServer.SayAsync(
                stream,
                $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Echo: {Canary}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}");
        });

        // Traces come from every session of the process, whatever else runs beside this.
        var seen = new ConcurrentQueue<string>();
        using var traces = Listen(seen);
        var audit = Path.Combine(_temp.FullName, "audit");
        using (var file = new AuditFile(new AuditOptions { Folder = audit }))
        using (var session = LoopbackSession.Create(
            server.Port,
            policy => policy
                .LimitPermissions(allow => allow.Files("kb", root, files => files.Read("**").Write("**")))
                .DefendInDepth(defense => defense.RedactValues(Canary)
                    .Audit(log => log.To(file).CopyToLog(new Collector(seen)).CopyToTelemetry())),
            "GET http://localhost:{port}/** query *"))
        {
            foreach (var call in Calls(server.Port, root))
            {
                seen.Enqueue(await InvokeAsync(session, call.Tool, call.Arguments));
            }
        }

        new AuditReader().Read(AuditFolder.SegmentsOf(audit), (_, _, payload) => seen.Enqueue(Encoding.UTF8.GetString(payload)));
        var outside = seen.ToList();
        outside.Should().HaveCountGreaterThan(50);
        outside.Should().Contain(text => text.Contains("last line", StringComparison.Ordinal), "the rest of a file is shown");
        outside.Should().Contain(text => text.Contains("langguard redacted", StringComparison.Ordinal));
        outside.Select(text => Disclosure.Find(text, Canary)).Where(found => found is not null).Should().BeEmpty();
        server.Heads.Select(head => Disclosure.Find(head, Canary)).Where(found => found is not null).Should().BeEmpty();
    }

    [Fact]
    public async Task A_key_can_not_be_read_in_parts_or_guessed_by_searching()
    {
        var root = _temp.CreateSubdirectory("kb").FullName;
        var lines = Enumerable.Range(0, 20).Select(i => Convert.ToBase64String(System.Security.Cryptography.SHA384.HashData(BitConverter.GetBytes(i)))).ToList();
        await File.WriteAllTextAsync(
            Path.Combine(root, "deploy.txt"),
            "first\n-----BEGIN PRIVATE KEY-----\n" + string.Join('\n', lines) + "\n-----END PRIVATE KEY-----\npassword = hunter2secret9\nlast\n");
        using var session = GuardSession.Create(
            Policy.Create(policy => policy.LimitPermissions(allow => allow.Files("kb", root, files => files.Read("**")))), new Principal("alice"));
        var shown = new StringBuilder();
        for (var line = 1; line <= 26; line++)
        {
            shown.Append(await InvokeAsync(session, "read_file", new() { ["path"] = "/kb/deploy.txt", ["first_line"] = line, ["max_lines"] = 1 }));
            shown.Append(await InvokeAsync(session, "read_file", new() { ["path"] = "/kb/deploy.txt", ["first_line"] = line, ["max_lines"] = 5 }));
        }

        shown.ToString().Should().ContainAll("first", "last").And.NotContainAny(lines.Select(line => line[..20])).And.NotContain("hunter2");
        var guess = await InvokeAsync(session, "search_files", new() { ["path"] = "/kb", ["text"] = "hunter2" });
        var wrong = await InvokeAsync(session, "search_files", new() { ["path"] = "/kb", ["text"] = "hunter3" });
        guess.Should().Be(wrong);
        (await InvokeAsync(session, "search_files", new() { ["path"] = "/kb", ["text"] = lines[4][..12] })).Should().NotContain(lines[4][12..24]);
    }

    private static IEnumerable<(string Tool, Dictionary<string, object?> Arguments)> Calls(int port, string root)
    {
        yield return ("list_files", new() { ["path"] = "/kb" });
        foreach (var file in Directory.GetFiles(root))
        {
            yield return ("read_file", new() { ["path"] = "/kb/" + Path.GetFileName(file) });
        }

        yield return ("read_file", new() { ["path"] = "/kb/../secret" });
        yield return ("read_file", new() { ["path"] = "/kb/missing.txt" });
        foreach (var words in new[] { "value", "zebra", "line" })
        {
            yield return ("search_files", new() { ["path"] = "/kb", ["text"] = words });
        }

        yield return ("http_request", new() { ["method"] = "GET", ["url"] = $"http://localhost:{port}/data" });
        yield return ("http_request", new() { ["method"] = "GET", ["url"] = "http://elsewhere.test/" });
    }

    private static async Task<string> InvokeAsync(GuardSession session, string name, Dictionary<string, object?> arguments)
    {
        if (session.GetTools().OfType<AIFunction>().FirstOrDefault(tool => tool.Name == name) is not { } tool)
        {
            throw new InvalidOperationException($"There is no tool {name}.");
        }

        try
        {
            return JsonSerializer.Serialize(await tool.InvokeAsync(new AIFunctionArguments(arguments)));
        }
        catch (Exception failure)
        {
            return failure.ToString();
        }
    }

    private static ActivityListener Listen(ConcurrentQueue<string> outside)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetryNames.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => outside.Enqueue(string.Join(' ', activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private sealed class Collector(ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception) + exception);
    }
}
