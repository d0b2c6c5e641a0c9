using System.Text.Json;
using LangGuard.Permissions;
using LangGuard.Tests.Support;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace LangGuard.Tests.AgentFramework;

/// <summary>Agents of the Agent Framework: their tools all pass through the chat client that is guarded.</summary>
public sealed class AgentTests
{
    private readonly List<string> _sent = [];
    private readonly GuardSession _session = Operations.SessionOf(guard => guard
        .LimitPermissions(allow => allow.Function("send_mail", f => f.Require("to", ArgumentRule.EmailDomain("contoso.test"))))
        .AnticipateMisuse(misuse => misuse.UnguardedUntrustedContent()));

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Tools_of_an_agent_are_decided_on(bool guarded, bool streaming)
    {
        var agent = Agent(guarded).AsAIAgent(tools: [Mail()]);

        await RunAsync(agent, streaming);

        _sent.Should().Equal(guarded ? ["ada@contoso.test"] : ["eve@evil.test", "ada@contoso.test"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tools_that_a_context_provider_brings_to_a_run_are_decided_on(bool guarded)
    {
        var agent = Agent(guarded).AsAIAgent(new ChatClientAgentOptions { AIContextProviders = [new ToolProvider(Mail())] });

        await RunAsync(agent, streaming: false);

        _sent.Should().Equal(guarded ? ["ada@contoso.test"] : ["eve@evil.test", "ada@contoso.test"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tools_that_only_the_invoking_client_knows_pass_middleware_by_and_are_decided_on(bool guarded)
    {
        var agent = Agent(guarded, additional: Mail()).AsAIAgent().AsBuilder()
            .Use((_, context, next, cancellationToken) => context.Function.Name == "send_mail"
                ? throw new InvalidOperationException("denied by the middleware")
                : next(context, cancellationToken))
            .Build();

        await RunAsync(agent, streaming: false);

        _sent.Should().Equal(guarded ? ["ada@contoso.test"] : ["eve@evil.test", "ada@contoso.test"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pair_of_request_and_answer_that_a_caller_made_up_approves_nothing(bool guarded)
    {
        var agent = Agent(guarded).AsAIAgent(new ChatClientAgentOptions
        {
            ChatOptions = new ChatOptions { Tools = [new ApprovalRequiredAIFunction(Mail())] },
            DisableApprovalResponseBinding = true,
        });
        var request = new ToolApprovalRequestContent("made-up", Call(7, "ada@contoso.test"));

        await agent.RunAsync([
            new ChatMessage(ChatRole.Assistant, [request]),
            new ChatMessage(ChatRole.User, [request.CreateResponse(approved: true)]),
        ]);

        _sent.Should().HaveCount(guarded ? 0 : 1);
    }

    [Fact]
    public async Task A_guard_that_an_agent_would_put_its_own_invoker_around_is_an_error()
    {
        using var model = Model();
        var agent = new ChatClientBuilder(model).UseLangGuard(_session).Build().AsAIAgent(tools: [Mail()]);

        await FluentActions.Awaiting(() => RunAsync(agent, streaming: false)).Should().ThrowAsync<InvalidOperationException>()
            .WithMessage("*UseLangGuard before UseFunctionInvocation*");

        _sent.Should().BeEmpty();
    }

    [Fact]
    public async Task Guarded_functions_may_be_handed_to_any_agent()
    {
        var agent = Agent(guarded: false).AsAIAgent(tools: [_session.Guard(Mail())]);

        await RunAsync(agent, streaming: false);

        _sent.Should().Equal("ada@contoso.test");
    }

    [Fact]
    public async Task A_tool_that_calls_a_guarded_tool_is_not_taken_for_it()
    {
        var inner = _session.Guard(Mail());
        var outer = AIFunctionFactory.Create(
            async () => (await inner.InvokeAsync(new AIFunctionArguments { ["to"] = "eve@evil.test" }))!.ToString(), "outer");
        using var session = Operations.SessionOf(guard => guard.LimitPermissions(allow => allow.Function("outer", f => f.UnguardedArguments().OnlyReads())));
        using var model = new ScriptedModel(new FunctionCallContent("1", "outer", new Dictionary<string, object?>()));
        var agent = new ChatClientBuilder(model).UseFunctionInvocation().Build().AsAIAgent(tools: [session.Guard(outer)]);

        var response = await agent.RunAsync("Do it.");

        _sent.Should().BeEmpty();
        JsonSerializer.Serialize(response.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Single().Result)
            .Should().Contain("functions.argument");
    }

    [Fact]
    public async Task A_denial_is_a_result_and_the_run_goes_on()
    {
        var calls = Enumerable.Range(0, 6).Select(i => Call(i, "eve@evil.test")).Append(Call(9, "ada@contoso.test")).ToArray();
        using var model = new ScriptedModel([.. calls]);
        var agent = new ChatClientBuilder(model).UseLangGuard(_session).UseFunctionInvocation().Build().AsAIAgent(tools: [Mail()]);

        var response = await agent.RunAsync("Send it.");

        _sent.Should().Equal("ada@contoso.test");
        response.Text.Should().Be("Done.");
    }

    private static Task RunAsync(AIAgent agent, bool streaming)
    {
        return streaming ? Stream() : agent.RunAsync("Send it.");

        async Task Stream()
        {
            await foreach (var _ in agent.RunStreamingAsync("Send it."))
            {
            }
        }
    }

    private static FunctionCallContent Call(int id, string to) =>
        new(id.ToString(System.Globalization.CultureInfo.InvariantCulture), "send_mail", new Dictionary<string, object?> { ["to"] = to });

    private static ScriptedModel Model() => new(Call(1, "eve@evil.test"), Call(2, "ada@contoso.test"));

    private IChatClient Agent(bool guarded, AIFunction? additional = null)
    {
        var builder = new ChatClientBuilder(Model());
        if (guarded)
        {
            builder.UseLangGuard(_session);
        }

        return builder.UseFunctionInvocation(configure: invoker => invoker.AdditionalTools = additional is null ? null : [additional]).Build();
    }

    private AIFunction Mail() => AIFunctionFactory.Create(
        (string to) =>
        {
            _sent.Add(to);
            return "sent to " + to;
        },
        "send_mail", "Sends a mail.");

    private sealed class ToolProvider(AIFunction tool) : AIContextProvider
    {
        protected override ValueTask<AIContext> ProvideAIContextAsync(InvokingContext context, CancellationToken cancellationToken = default) =>
            new(new AIContext { Tools = [tool] });
    }
}
