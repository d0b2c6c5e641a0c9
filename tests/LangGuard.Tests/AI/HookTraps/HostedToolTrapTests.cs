using LangGuard.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LangGuard.Tests.AI.HookTraps;

/// <summary>Traps of tools that run elsewhere, and the report of what a model can reach.</summary>
public sealed class HostedToolTrapTests : IDisposable
{
    private readonly Mailbox _mail = new();

    public static TheoryData<string, AITool> Hosted => new()
    {
        { "web_search", new HostedWebSearchTool() },
        { "code_interpreter", new HostedCodeInterpreterTool() },
        { "file_search", new HostedFileSearchTool() },
        { "mcp:https://mcp.evil.test/", new HostedMcpServerTool("docs", new Uri("https://mcp.evil.test/")) },
    };

    public void Dispose() => _mail.Dispose();

    [Theory]
    [MemberData(nameof(Hosted))]
    public async Task A_hosted_tool_is_refused_unless_the_host_accepts_it(string name, AITool tool)
    {
        using var plain = new ScriptedModel();
        using var unguarded = plain.AsBuilder().UseFunctionInvocation().Build();
        await unguarded.GetResponseAsync("Search.", new ChatOptions { Tools = [tool] });
        plain.Options.Single()!.Tools.Should().Contain(tool, because: "nothing else keeps it from the provider");

        using var model = new ScriptedModel();
        using var guarded = model.AsBuilder().UseLangGuard(_mail.Session).UseFunctionInvocation().Build();
        await guarded.Awaiting(client => client.GetResponseAsync("Search.", new ChatOptions { Tools = [tool] }))
            .Should().ThrowAsync<NotSupportedException>().WithMessage($"*AllowHostedToolUnguarded(\"{name}\")*");
        model.Options.Should().BeEmpty();

        using var accepting = model.AsBuilder()
            .UseLangGuard(_mail.Session, options => options.AllowHostedToolUnguarded(name)).UseFunctionInvocation().Build();
        await accepting.GetResponseAsync("Search.", new ChatOptions { Tools = [tool] });
        model.Options.Single()!.Tools.Should().Contain(tool);
    }

    [Fact]
    public async Task A_hosted_tool_that_only_the_invoking_client_knows_is_refused_when_the_client_is_built()
    {
        using var model = new ScriptedModel();

        await FluentActions.Awaiting(async () =>
        {
            using var client = model.AsBuilder().UseLangGuard(_mail.Session)
                .UseFunctionInvocation(configure: invoker => invoker.AdditionalTools = [new HostedWebSearchTool()]).Build();
            await client.GetResponseAsync("Search.");
        }).Should().ThrowAsync<NotSupportedException>();

        model.Options.Should().BeEmpty();
    }

    [Fact]
    public async Task To_accept_one_hosted_server_is_not_to_accept_another()
    {
        using var model = new ScriptedModel();
        using var client = model.AsBuilder()
            .UseLangGuard(_mail.Session, options => options.AllowHostedToolUnguarded("mcp:https://docs.contoso.test/").AllowHostedToolUnguarded("mcp"))
            .UseFunctionInvocation().Build();

        await client.Awaiting(c => c.GetResponseAsync(
            "Ask.", new ChatOptions { Tools = [new HostedMcpServerTool("docs", new Uri("https://mcp.evil.test/"))] }))
            .Should().ThrowAsync<NotSupportedException>();

        model.Options.Should().BeEmpty();
    }

    [Fact]
    public async Task Each_tool_that_a_model_can_reach_is_reported_once_with_its_state()
    {
        var log = new ToolLog();
        var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(log)).BuildServiceProvider();
        using var model = new ScriptedModel();
        using var client = model.AsBuilder()
            .UseLangGuard(_mail.Session, options => options.AllowHostedToolUnguarded("web_search"))
            .UseFunctionInvocation(configure: invoker => invoker.AdditionalTools = [AIFunctionFactory.Create(() => 1, "hidden")])
            .Build(services);
        log.Lines.Should().Equal(["Tool 'hidden' can be reached by the model: guarded."], because: "it is known before the first call");
        var options = new ChatOptions
        {
            Tools = [_mail.Tool, new HostedWebSearchTool(), AIFunctionFactory.Create(() => 1, "elsewhere").AsDeclarationOnly()],
        };

        await client.GetResponseAsync("Hello.", options);
        await client.GetResponseAsync("Hello.", options);

        log.Lines.Should().Equal(
            "Tool 'hidden' can be reached by the model: guarded.",
            "Tool 'send_mail' can be reached by the model: guarded.",
            "Tool 'web_search' can be reached by the model: hosted by the provider and not guarded.",
            "Tool 'elsewhere' can be reached by the model: declared only; whoever answers the call has to guard it.");
    }

    private sealed class ToolLog : ILoggerProvider, ILogger
    {
        internal List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = formatter(state, exception);
            if (line.StartsWith("Tool '", StringComparison.Ordinal))
            {
                Lines.Add(line);
            }
        }

        public void Dispose()
        {
        }
    }
}
