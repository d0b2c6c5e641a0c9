using System.Text.Json;
using LangGuard.Tests.Support;
using Microsoft.Extensions.AI;

namespace LangGuard.Tests.AI.HookTraps;

/// <summary>Traps of the client that invokes functions: tools that it finds elsewhere than where a guard looked.</summary>
public sealed class ChatClientTrapTests : IDisposable
{
    private readonly Mailbox _mail = new();

    public static TheoryData<bool, bool, bool> Ways
    {
        get
        {
            var ways = new TheoryData<bool, bool, bool>();
            foreach (var guarded in new[] { false, true })
            {
                ways.Add(guarded, false, false);
                ways.Add(guarded, false, true);
                ways.Add(guarded, true, false);
                ways.Add(guarded, true, true);
            }

            return ways;
        }
    }

    public void Dispose() => _mail.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Tools_of_the_options(bool isGuarded, bool isStreaming, bool isConcurrent)
    {
        await RunAsync(isGuarded, isStreaming, invoker => invoker.AllowConcurrentInvocation = isConcurrent, new() { Tools = [_mail.Tool] });

        ExpectSent(isGuarded);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Tools_that_only_the_invoking_client_knows(bool isGuarded, bool isStreaming, bool isConcurrent)
    {
        await RunAsync(
            isGuarded, isStreaming,
            invoker =>
            {
                invoker.AllowConcurrentInvocation = isConcurrent;
                invoker.AdditionalTools = [_mail.Tool];
            },
            options: null);

        ExpectSent(isGuarded);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Tools_that_the_invoking_client_is_given_after_it_was_guarded(bool isGuarded, bool isStreaming, bool isConcurrent)
    {
        FunctionInvokingChatClient? invoker = null;
        await RunAsync(
            isGuarded, isStreaming, created => invoker = created, options: null,
            beforeCall: () =>
            {
                invoker!.AllowConcurrentInvocation = isConcurrent;
                invoker.AdditionalTools = [_mail.Tool];
            });

        ExpectSent(isGuarded);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Tools_that_a_tool_adds_while_the_model_works(bool isGuarded, bool isStreaming, bool isConcurrent)
    {
        var more = AIFunctionFactory.Create(() => FunctionInvokingChatClient.CurrentContext!.Options!.Tools!.Add(_mail.Tool), "more_tools");
        using var mail = _mail;
        using var session = Operations.SessionOf(guard => guard
            .LimitPermissions(allow => allow
                .Function("more_tools", f => f.OnlyReads())
                .Function("send_mail", f => f.Require("to", Permissions.ArgumentRule.EmailDomain("contoso.test"))))
            .AnticipateMisuse(misuse => misuse.UnguardedUntrustedContent()));

        await RunAsync(
            isGuarded, isStreaming, invoker => invoker.AllowConcurrentInvocation = isConcurrent, new() { Tools = [more] },
            session: session, first: new FunctionCallContent("0", "more_tools", new Dictionary<string, object?>()));

        ExpectSent(isGuarded);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Calls_of_one_turn_are_decided_on_one_by_one(bool isGuarded, bool isConcurrent)
    {
        using var model = new TurnModel([Mailbox.Call("1", Mailbox.Enemy), Mailbox.Call("2", Mailbox.Friend), Mailbox.Call("3", Mailbox.Enemy)]);
        using var client = Client(model, isGuarded, _mail.Session, invoker => invoker.AllowConcurrentInvocation = isConcurrent);

        await client.GetResponseAsync("Write.", new ChatOptions { Tools = [_mail.Tool] });

        _mail.Sent.Should().BeEquivalentTo(isGuarded ? [Mailbox.Friend] : [Mailbox.Enemy, Mailbox.Friend, Mailbox.Enemy]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Parallel_calls_of_one_turn_do_not_share_the_last_unit_of_a_quota(bool isGuarded)
    {
        using var mail = new Mailbox(guard => guard.AnticipateMisuse(misuse => misuse.LimitUsage(usage => usage.Calls(3))));
        using var model = new TurnModel([.. Enumerable.Range(0, 16).Select(i => Mailbox.Call($"{i}", Mailbox.Friend))]);
        using var client = Client(model, isGuarded, mail.Session, invoker => invoker.AllowConcurrentInvocation = true);

        await client.GetResponseAsync("Write.", new ChatOptions { Tools = [mail.Tool] });

        mail.Sent.Should().HaveCount(isGuarded ? 3 : 16);
    }

    [Fact]
    public async Task A_guard_that_throws_ends_the_run_and_a_denial_does_not()
    {
        using var mail = new Mailbox();
        AIContent[] Steps() => [.. Enumerable.Range(0, 4).Select(i => Mailbox.Call($"{i}", $"eve{i}@evil.test")), Mailbox.Call("9", Mailbox.Friend)];
        using (var naive = new ScriptedModel(Steps()).AsBuilder().UseFunctionInvocation().Build())
        {
            await FluentActions.Awaiting(() => naive.GetResponseAsync("Write.", new ChatOptions { Tools = [new NaiveGuards.Delegating(mail.Tool)] }))
                .Should().ThrowAsync<UnauthorizedAccessException>();
        }

        mail.Sent.Should().BeEmpty();
        using var client = Client(new ScriptedModel(Steps()), true, mail.Session, _ => { });

        var response = await client.GetResponseAsync("Write.", new ChatOptions { Tools = [mail.Tool] });

        mail.Sent.Should().Equal(Mailbox.Friend);
        response.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>()
            .Count(result => JsonSerializer.Serialize(result.Result).Contains("functions.argument", StringComparison.Ordinal)).Should().Be(4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_of_an_unknown_tool_runs_nothing_whatever_the_client_makes_of_it(bool terminates)
    {
        using var model = new ScriptedModel(Mailbox.Call("1", Mailbox.Friend, "send_maiI"), Mailbox.Call("2", Mailbox.Friend));
        using var client = Client(model, true, _mail.Session, invoker => invoker.TerminateOnUnknownCalls = terminates);

        await client.GetResponseAsync("Write.", new ChatOptions { Tools = [_mail.Tool] });

        _mail.Sent.Should().Equal(terminates ? [] : [Mailbox.Friend]);
        model.Options.Should().HaveCount(terminates ? 1 : 3);
    }

    [Fact]
    public async Task An_own_invoker_of_the_host_gets_the_guard_and_not_the_function()
    {
        var invoked = new List<AIFunction>();
        using var model = new ScriptedModel(Mailbox.Call("1", Mailbox.Enemy));
        using var client = Client(model, true, _mail.Session, invoker =>
        {
            invoker.AdditionalTools = [_mail.Tool];
            invoker.FunctionInvoker = (context, cancellationToken) =>
            {
                invoked.Add(context.Function);
                return context.Function.InvokeAsync(context.Arguments, cancellationToken);
            };
        });

        await client.GetResponseAsync("Write.");

        invoked.Should().ContainSingle().Which.Should().NotBeSameAs(_mail.Tool);
        _mail.Sent.Should().BeEmpty();
    }

    [Fact]
    public async Task A_tool_called_directly_passes_middleware_by_and_a_guard_does_not_care()
    {
        // Code that a sandbox runs calls tools of the host directly: no client, no middleware, no filter.
        await _mail.Tool.InvokeAsync(Mailbox.To(Mailbox.Enemy));
        _mail.Sent.Should().HaveCount(1);

        (await _mail.Session.Guard(_mail.Tool).InvokeAsync("""{"to":"eve@evil.test"}""")).Rule().Should().Be("functions.argument");

        _mail.Sent.Should().HaveCount(1);
    }

    [Fact]
    public async Task A_declaration_that_leads_to_a_function_is_not_invoked()
    {
        using var model = new ScriptedModel(Mailbox.Call("1", Mailbox.Friend));
        using var client = Client(model, true, _mail.Session, _ => { });

        var response = await client.GetResponseAsync("Write.", new ChatOptions { Tools = [new Declaration(_mail.Tool)] });

        _mail.Sent.Should().BeEmpty();
        response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Should().ContainSingle();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Tools_of_an_invoking_client_behind_another(bool isGuarded, bool isHidden)
    {
        using var model = new ScriptedModel(Mailbox.Call("1", Mailbox.Enemy), Mailbox.Call("2", Mailbox.Friend));
        var builder = model.AsBuilder();
        builder = (isGuarded ? builder.UseLangGuard(_mail.Session) : builder).UseFunctionInvocation();
        if (isHidden)
        {
            builder = builder.Use(inner => new Wrapper(inner));
        }

        using var client = builder.UseFunctionInvocation(configure: invoker => invoker.AdditionalTools = [_mail.Tool]).Build();

        await client.GetResponseAsync("Write.");

        ExpectSent(isGuarded);
    }

    [Fact]
    public async Task Two_tools_of_one_name_are_an_error()
    {
        using var model = new ScriptedModel();
        using var client = Client(model, true, _mail.Session, _ => { });

        await client.Awaiting(c => c.GetResponseAsync(
            "Write.", new ChatOptions { Tools = [_mail.Session.Guard(_mail.Tool), AIFunctionFactory.Create((string to) => to, "send_mail")] }))
            .Should().ThrowAsync<InvalidOperationException>().WithMessage("*send_mail*");
    }

    private static IChatClient Client(
        IChatClient model, bool isGuarded, GuardSession session, Action<FunctionInvokingChatClient> configure)
    {
        var builder = model.AsBuilder();
        return (isGuarded ? builder.UseLangGuard(session) : builder).UseFunctionInvocation(configure: configure).Build();
    }

    private async Task RunAsync(
        bool isGuarded, bool isStreaming, Action<FunctionInvokingChatClient> configure, ChatOptions? options,
        Action? beforeCall = null, GuardSession? session = null, AIContent? first = null)
    {
        AIContent[] steps = [Mailbox.Call("1", Mailbox.Enemy), Mailbox.Call("2", Mailbox.Friend)];
        using var model = new ScriptedModel(first is null ? steps : [first, .. steps]);
        using var client = Client(model, isGuarded, session ?? _mail.Session, configure);
        beforeCall?.Invoke();
        if (isStreaming)
        {
            await client.GetStreamingResponseAsync("Write.", options).ToChatResponseAsync();
        }
        else
        {
            await client.GetResponseAsync("Write.", options);
        }
    }

    private void ExpectSent(bool isGuarded) =>
        _mail.Sent.Should().Equal(isGuarded ? [Mailbox.Friend] : [Mailbox.Enemy, Mailbox.Friend]);

    private sealed class Declaration(AIFunction function) : AIFunctionDeclaration
    {
        public override string Name => function.Name;

        public override JsonElement JsonSchema => function.JsonSchema;

        public override object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(AIFunction) ? function : base.GetService(serviceType, serviceKey);
    }

    /// <summary>A client that does not derive from the platform's class.</summary>
    private sealed class Wrapper(IChatClient inner) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            inner.GetResponseAsync(messages, options, cancellationToken);

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            inner.GetStreamingResponseAsync(messages, options, cancellationToken);

        public object? GetService(Type serviceType, object? serviceKey = null) => inner.GetService(serviceType, serviceKey);

        public void Dispose() => inner.Dispose();
    }

    /// <summary>Makes all its calls in one turn.</summary>
    private sealed class TurnModel(AIContent[] calls) : IChatClient
    {
        private int _turns;

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, _turns++ == 0 ? [.. calls] : [new TextContent("Done.")])));

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
