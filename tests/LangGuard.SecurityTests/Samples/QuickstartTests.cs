using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LangGuard.SecurityTests.Samples;

/// <summary>The quick start as a newcomer runs it: scripted, and with a model on an OpenAI-compatible server.</summary>
public sealed class QuickstartTests
{
    [Fact]
    public async Task The_script_does_its_work_and_breaks_no_promise()
    {
        var (exitCode, output) = await RunAsync([]);

        exitCode.Should().Be(0, output);
        output.Should().MatchRegex(@"[1-9]\d* allowed, [1-9]\d* denied, 0 promises broken")
            .And.Contain("files.outside-root").And.Contain("database.table").And.Contain("http.endpoint");
    }

    [Fact]
    public async Task A_model_on_a_server_gets_tools_and_answers_but_no_secret()
    {
        var requests = new ConcurrentQueue<string>();
        await using var server = Serve(requests, [
            ("list_files", """{"path":"tickets"}"""),
            ("read_file", """{"path":"tickets/1003.md"}"""),
            ("read_file", """{"path":"../secrets/payroll.csv"}"""),
            ("read_file", """{"path":"kb/archive/payroll.csv"}"""),
            ("read_file", """{"path":".env"}"""),
            ("write_file", """{"path":"drafts/1001.md","content":"Dear Ada"}"""),
        ]);
        await server.StartAsync();

        var (exitCode, output) = await RunAsync(new()
        {
            ["LANGGUARD_CHAT_ENDPOINT"] = server.Urls.First() + "/v1",
            ["LANGGUARD_CHAT_MODEL"] = "loopback",
            ["LANGGUARD_CHAT_KEY"] = "any",
        });

        exitCode.Should().Be(0, output);
        output.Should().Contain("3 denied, 0 promises broken").And.Contain("NOT DONE: reports/open-orders.md");
        requests.Should().HaveCount(7);
        requests.Should().AllSatisfy(request => request.Should().NotContain("CANARY"));
        requests.First().Should().Contain("\"read_file\"").And.Contain("\"database_query\"");
        requests.Last().Should().Contain("From: mallory@example.net", "that one is read").And.Contain("files.outside-root");
    }

    /// <summary>A server that speaks the chat completions protocol and calls the given tools, one after another.</summary>
    private static WebApplication Serve(ConcurrentQueue<string> requests, IReadOnlyList<(string Tool, string Arguments)> calls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/chat/completions", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            var body = await reader.ReadToEndAsync();
            var number = requests.Count;
            requests.Enqueue(body);
            object message = number < calls.Count
                ? new
                {
                    role = "assistant",
                    content = (string?)null,
                    tool_calls = new[]
                    {
                        new
                        {
                            id = $"call{number}",
                            type = "function",
                            function = new { name = calls[number].Tool, arguments = calls[number].Arguments },
                        },
                    },
                }
                : new { role = "assistant", content = "Done." };
            return Results.Json(
                new
                {
                    id = $"answer{number}",
                    @object = "chat.completion",
                    created = 1,
                    model = "loopback",
                    choices = new[] { new { index = 0, message, finish_reason = number < calls.Count ? "tool_calls" : "stop" } },
                },
                JsonSerializerOptions.Default);
        });
        return app;
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(Dictionary<string, string> environment)
    {
        // Beside this project's own output, whatever the configuration.
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var sample = Path.Combine(here.Parent!.Parent!.FullName, "Quickstart", here.Name, "Quickstart.dll");
        var start = new ProcessStartInfo("dotnet", [sample]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in new[] { "LANGGUARD_CHAT_ENDPOINT", "LANGGUARD_CHAT_MODEL", "LANGGUARD_CHAT_KEY" })
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        return (process.ExitCode, await output + await errors);
    }
}
