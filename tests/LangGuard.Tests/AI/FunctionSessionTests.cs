using System.Text.Json;
using System.Threading.Channels;
using LangGuard.Auditing;
using LangGuard.Misuse;
using LangGuard.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace LangGuard.Tests.AI;

/// <summary>A guarded function acts in its own session or not at all, wherever it is called from.</summary>
public sealed class FunctionSessionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly List<string> _runs = [];
    private readonly AIFunction _tool;

    public FunctionSessionTests() => _tool = AIFunctionFactory.Create(Work, "work");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_session_nothing_runs(bool isGuarded)
    {
        var builder = new ScriptedModel(Call("1", "nobody")).AsBuilder();
        using var client = (isGuarded ? builder.UseLangGuard("support") : builder).UseFunctionInvocation().Build();

        var response = await client.GetResponseAsync("Work.", new ChatOptions { Tools = [_tool] });

        _runs.Should().HaveCount(isGuarded ? 0 : 1);
        ResultIn(response).Contains("session.missing", StringComparison.Ordinal).Should().Be(isGuarded);
    }

    [Fact]
    public async Task The_guard_of_one_session_denies_in_the_chat_of_another()
    {
        using var alice = SessionOf("alice");
        using var bob = SessionOf("bob");
        var guard = alice.Guard(_tool);

        (await ChatAsync(bob, guard)).Should().Contain("session.mismatch");
        _runs.Should().BeEmpty();

        await ChatAsync(alice, guard);
        _runs.Should().HaveCount(1);
    }

    [Fact]
    public async Task The_guard_of_a_helper_works_in_the_chat_of_its_parent_and_not_the_other_way_round()
    {
        using var parent = SessionOf("alice");
        using var child = parent.CreateChild(PolicyOf(_ => { }));

        await ChatAsync(parent, child.Guard(_tool));
        _runs.Should().HaveCount(1);

        (await ChatAsync(child, parent.Guard(_tool))).Should().Contain("session.mismatch");
        _runs.Should().HaveCount(1);
    }

    [Fact]
    public async Task A_singleton_that_keeps_the_guard_of_its_first_user_denies_the_next()
    {
        using var alice = SessionOf("alice");
        using var bob = SessionOf("bob");
        var singleton = new Singleton();
        using (AmbientSession.Enter(alice))
        {
            (await RuleAsync(singleton.Guard(alice, _tool))).Should().BeNull();
        }

        using (AmbientSession.Enter(bob))
        {
            (await RuleAsync(singleton.Guard(bob, _tool))).Should().Be("session.mismatch");
        }

        _runs.Should().HaveCount(1);
    }

    [Fact]
    public async Task A_hosted_service_that_was_started_in_a_request_does_the_work_of_others_only_after_it()
    {
        using var alice = SessionOf("alice");
        using var bob = SessionOf("bob");
        using var service = new Consumer();
        var request = AmbientSession.Enter(alice);
        await service.StartAsync(default);

        (await service.RunAsync(bob.Guard(_tool))).Should().Be("session.mismatch", because: "the consumer carries the flow of Alice's request");
        (await service.RunAsync(alice.Guard(_tool))).Should().BeNull();
        request.Dispose();
        alice.Dispose();

        (await service.RunAsync(alice.Guard(_tool))).Should().Be("session.ended");
        (await service.RunAsync(bob.Guard(_tool))).Should().BeNull();
        _runs.Should().HaveCount(2);
        await service.StopAsync(default);
    }

    [Fact]
    public async Task Work_on_other_threads_keeps_its_session()
    {
        using var alice = SessionOf("alice");
        var guard = alice.Guard(_tool);
        using var request = AmbientSession.Enter(alice);

        (await Task.Run(() => RuleAsync(guard))).Should().BeNull();
        (await Task.Factory.StartNew(() => RuleAsync(guard), default, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()).Should().BeNull();
        var rules = new string?[16];
        await Parallel.ForAsync(0, 16, async (i, _) => rules[i] = await RuleAsync(guard));

        rules.Should().AllSatisfy(rule => rule.Should().BeNull());
        _runs.Should().HaveCount(18);
    }

    [Fact]
    public async Task Where_the_flow_is_suppressed_a_bound_guard_works_and_one_of_the_request_denies()
    {
        using var alice = SessionOf("alice");
        var bound = alice.Guard(_tool);
        AIFunction? ofRequest = null;
        using (var client = new ScriptedModel(Call("1", "alice")).AsBuilder().UseLangGuard(alice)
            .UseFunctionInvocation(configure: invoker => invoker.FunctionInvoker = (context, cancellationToken) =>
            {
                ofRequest = context.Function;
                return context.Function.InvokeAsync(context.Arguments, cancellationToken);
            }).Build())
        {
            await client.GetResponseAsync("Work.", new ChatOptions { Tools = [_tool] });
            _runs.Should().HaveCount(1);
        }

        using var request = AmbientSession.Enter(alice);
        var rules = await WithoutFlow(async () => (await RuleAsync(bound), await RuleAsync(ofRequest!)));

        rules.Should().Be((null, "session.missing"));
        _runs.Should().HaveCount(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chats_at_once_over_one_client_do_not_mix(bool isStreaming)
    {
        const int Users = 24;
        var sink = new RecordingSink();
        var policy = PolicyOf(guard => guard
            .AnticipateMisuse(misuse => misuse.LimitUsage(usage => usage.Calls(4)))
            .DefendInDepth(defense => defense.Audit(sink)));
        using var client = new EchoModel().AsBuilder().UseLangGuard("default")
            .UseFunctionInvocation(configure: invoker => invoker.AllowConcurrentInvocation = true).Build();
        await Task.WhenAll(Enumerable.Range(0, Users).Select(user => Task.Run(async () =>
        {
            using var session = GuardSession.Create(policy, new Principal($"user{user}"));
            using var request = AmbientSession.Enter(session);
            var options = new ChatOptions { Tools = [_tool] };
            if (isStreaming)
            {
                await foreach (var _ in client.GetStreamingResponseAsync($"user{user}", options))
                {
                    await Task.Yield();
                }
            }
            else
            {
                await client.GetResponseAsync($"user{user}", options);
            }
        })));

        foreach (var user in Enumerable.Range(0, Users).Select(user => $"user{user}"))
        {
            // Six calls in one turn, of which the quota of this user alone admits four.
            _runs.Count(run => run == user).Should().Be(4);
        }

        sink.Records.Should().AllSatisfy(record => ((FunctionOperation)record.Operation).Arguments.GetProperty("who").GetString()
            .Should().Be(record.Operation.Principal.Id).And.Be(record.Session!.Principal.Id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_that_ends_while_a_person_is_asked_executes_nothing(bool byLifetime)
    {
        var clock = new FakeTimeProvider();
        var approver = new QueuedApprover();
        var session = GuardSession.Create(
            PolicyOf(guard => guard.UseTimeProvider(clock).AnticipateMisuse(misuse => misuse.RequireApproval(
                a => a.ForFunction("work").By(approver).Within(TimeSpan.FromHours(2))))),
            Operations.Alice, new GuardSessionOptions { Lifetime = TimeSpan.FromHours(1) });
        var call = RuleAsync(session.Guard(_tool));
        var request = approver.Pending.Should().ContainSingle().Subject;

        if (byLifetime)
        {
            clock.Advance(TimeSpan.FromHours(1));
        }
        else
        {
            session.Dispose();
        }

        approver.Answer(request.Id, ApprovalAnswer.Once).Should().BeTrue();

        (await call.WaitAsync(Patience)).Should().Be("session.ended");
        _runs.Should().BeEmpty();
        session.Dispose();
    }

    [Fact]
    public async Task A_call_that_outlives_its_session_is_recorded_and_the_next_is_denied()
    {
        var sink = new RecordingSink();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var session = SessionOf("alice", guard => guard.DefendInDepth(defense => defense.Audit(sink)));
        var guard = session.Guard(AIFunctionFactory.Create((string who) => gate.Task, "work"));
        var running = RuleAsync(guard);

        session.Dispose();
        (await RuleAsync(guard)).Should().Be("session.ended");
        gate.SetResult();
        await running.WaitAsync(Patience);

        sink.Records.Where(record => record.Phase == AuditPhase.Outcome).Should().ContainSingle()
            .Which.Outcome.Status.Should().Be(OutcomeStatus.Succeeded);
    }

    [Fact]
    public async Task A_cancelled_call_is_recorded_as_cancelled_and_gives_its_quota_of_parallel_calls_back()
    {
        var sink = new RecordingSink();
        using var session = SessionOf("alice", guard => guard.DefendInDepth(defense => defense.Audit(sink)));
        using var source = new CancellationTokenSource();
        var guard = session.Guard(AIFunctionFactory.Create((string who, CancellationToken token) => Task.Delay(Timeout.Infinite, token), "work"));
        var call = guard.InvokeAsync(new AIFunctionArguments { ["who"] = "alice" }, source.Token).AsTask();

        await source.CancelAsync();

        await FluentActions.Awaiting(() => call.WaitAsync(Patience)).Should().ThrowAsync<OperationCanceledException>();
        sink.Records.Select(record => (record.Phase, record.Outcome.Status)).Should().Equal(
            (AuditPhase.Decision, default), (AuditPhase.Outcome, OutcomeStatus.Cancelled));
    }

    [Fact]
    public async Task A_call_that_is_given_up_while_a_person_is_asked_leaves_nothing_to_approve()
    {
        var approver = new QueuedApprover();
        using var session = SessionOf("alice", guard => guard.AnticipateMisuse(misuse => misuse.RequireApproval(a => a.ForFunction("work").By(approver))));
        using var source = new CancellationTokenSource();
        var call = session.Guard(_tool).InvokeAsync(new AIFunctionArguments { ["who"] = "alice" }, source.Token).AsTask();
        var request = approver.Pending.Should().ContainSingle().Subject;

        await source.CancelAsync();
        await FluentActions.Awaiting(() => call.WaitAsync(Patience)).Should().ThrowAsync<OperationCanceledException>();

        session.Approvals.Pending.Should().BeEmpty();
        session.Approvals.Approve(request.Id).Should().BeFalse();
        approver.Answer(request.Id, ApprovalAnswer.Once).Should().BeFalse();
        _runs.Should().BeEmpty();
    }

    private static FunctionCallContent Call(string id, string who) =>
        new(id, "work", new Dictionary<string, object?> { ["who"] = who });

    private static Policy PolicyOf(Action<PolicyBuilder> configure) => Policy.Create(guard =>
    {
        guard.LimitPermissions(allow => allow.Function("work", f => f.Any("who").OnlyReads()));
        configure(guard);
    });

    private static GuardSession SessionOf(string user, Action<PolicyBuilder>? configure = null) =>
        GuardSession.Create(PolicyOf(configure ?? (_ => { })), new Principal(user));

    private static async Task<string> ChatAsync(GuardSession session, AIFunction tool)
    {
        using var client = new ScriptedModel(Call("1", "x")).AsBuilder().UseLangGuard(session).UseFunctionInvocation().Build();
        return ResultIn(await client.GetResponseAsync("Work.", new ChatOptions { Tools = [tool] }));
    }

    private static string ResultIn(ChatResponse response) => JsonSerializer.Serialize(
        response.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Single().Result);

    private static async Task<string?> RuleAsync(AIFunction guard) =>
        await guard.InvokeAsync(new AIFunctionArguments { ["who"] = "x" }) is JsonElement { ValueKind: JsonValueKind.Object } result ? result.Rule() : null;

    private static Task<T> WithoutFlow<T>(Func<Task<T>> work)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(work);
        }
    }

    private string Work(string who)
    {
        lock (_lock)
        {
            _runs.Add(who);
        }

        return "done";
    }

    /// <summary>Keeps what it was given first.</summary>
    private sealed class Singleton
    {
        private AIFunction? _guard;

        internal AIFunction Guard(GuardSession session, AIFunction tool) => _guard ??= session.Guard(tool);
    }

    /// <summary>Works off a queue.</summary>
    private sealed class Consumer : BackgroundService
    {
        private readonly Channel<(AIFunction Guard, TaskCompletionSource<string?> Done)> _queue =
            Channel.CreateUnbounded<(AIFunction Guard, TaskCompletionSource<string?> Done)>();

        internal Task<string?> RunAsync(AIFunction guard)
        {
            var done = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _queue.Writer.TryWrite((guard, done)).Should().BeTrue();
            return done.Task.WaitAsync(Patience);
        }

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await foreach (var (guard, done) in _queue.Reader.ReadAllAsync(stoppingToken))
            {
                done.SetResult(await RuleAsync(guard));
            }
        }
    }

    /// <summary>Makes six calls for whoever speaks, in one turn.</summary>
    private sealed class EchoModel : IChatClient
    {
        public async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            var all = messages.ToList();
            return new ChatResponse(new ChatMessage(ChatRole.Assistant, all.Exists(message => message.Role == ChatRole.Tool)
                ? [new TextContent("Done.")]
                : [.. Enumerable.Range(0, 6).Select(i => Call($"{i}", all[0].Text))]));
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            {
                yield return update;
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
