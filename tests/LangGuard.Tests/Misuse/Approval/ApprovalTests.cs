using System.Text.Json;
using LangGuard.Misuse;
using LangGuard.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LangGuard.Tests.Misuse.Approval;

public sealed class ApprovalTests
{
    private static readonly Reason First = new("test.first", "The first rule asks.", Retry.AskUser);
    private static readonly Reason Second = new("test.second", "The second rule asks.", Retry.AskUser);

    [Fact]
    public void A_rule_that_asks_only_after_the_answer_leaves_a_new_request()
    {
        var alsoSecond = false;
        using var session = Operations.SessionOf(policy => policy.AddLayer(TestLayer.AllowAll())
            .AddLayer(Asks(First)).AddLayer(new TestMisuseLayer("second", (_, _) => alsoSecond ? Objection.Ask(Second) : Objection.None)));
        var first = session.TryAuthorize(Operations.Call("f")).ApprovalRequestId!;
        session.Approvals.Approve(first).Should().BeTrue();
        alsoSecond = true;
        var again = session.TryAuthorize(Operations.Call("f"));
        again.Decision.Kind.Should().Be(DecisionKind.Ask);
        again.ApprovalRequestId.Should().NotBeNull().And.NotBe(first);
        session.Approvals.Pending.Single().Reasons.Select(reason => reason.Rule).Should().Equal("test.first", "test.second");
        session.Approvals.Approve(again.ApprovalRequestId!).Should().BeTrue();
        session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeTrue();
    }

    [Fact]
    public async Task An_approver_is_asked_again_when_another_rule_asks_meanwhile()
    {
        var alsoSecond = false;
        var asked = new List<int>();
        var approver = new DelegateApprover((request, _) =>
        {
            asked.Add(request.Reasons.Count);
            alsoSecond = true;
            return ValueTask.FromResult(ApprovalAnswer.Once);
        });
        using var session = Operations.SessionOf(policy => policy.AddLayer(TestLayer.AllowAll())
            .AddLayer(Asks(First)).AddLayer(new TestMisuseLayer("second", (_, _) => alsoSecond ? Objection.Ask(Second) : Objection.None))
            .AnticipateMisuse(misuse => misuse.RequireApproval(a => a.By(approver))));
        (await session.TryAuthorizeAsync(Operations.Call("f"))).IsAllowed.Should().BeTrue();
        asked.Should().Equal(1, 2);
        session.Approvals.Pending.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(ApprovalStores.All), MemberType = typeof(ApprovalStores))]
    public async Task Of_many_calls_at_once_one_uses_the_approval(string store)
    {
        await using var made = ApprovalStores.Make(store);
        using var session = Operations.SessionOf(policy => policy.AddLayer(TestLayer.AllowAll()).AddLayer(Asks(First))
            .AnticipateMisuse(misuse => misuse.RequireApproval(a => a.KeepIn(made.Store))));
        var id = session.TryAuthorize(Operations.Call("f")).ApprovalRequestId!;
        session.Approvals.Approve(id).Should().BeTrue();
        session.Approvals.Approve(id).Should().BeFalse();
        var answers = await Task.WhenAll(Enumerable.Range(0, 32)
            .Select(_ => Task.Run(() => session.TryAuthorize(Operations.Call("f")).IsAllowed)));
        answers.Count(allowed => allowed).Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(ApprovalStores.All), MemberType = typeof(ApprovalStores))]
    public async Task Answers_and_calls_at_the_same_time_end_in_one_way(string store)
    {
        await using var made = ApprovalStores.Make(store);
        using var session = Operations.SessionOf(policy => policy.AddLayer(TestLayer.AllowAll()).AddLayer(Asks(First))
            .AnticipateMisuse(misuse => misuse.RequireApproval(a => a.KeepIn(made.Store))));
        for (var round = 0; round < 10; round++)
        {
            var call = Operations.Call($"f{round}");
            var id = session.TryAuthorize(call).ApprovalRequestId!;
            var ran = 0;
            var approved = 0;
            var rejected = 0;
            using var start = new Barrier(12);
            await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    switch (i % 3)
                    {
                        case 0 when session.Approvals.Approve(id):
                            Interlocked.Increment(ref approved);
                            break;
                        case 1 when session.Approvals.Reject(id):
                            Interlocked.Increment(ref rejected);
                            break;
                        case 2 when session.TryAuthorize(call).IsAllowed:
                            Interlocked.Increment(ref ran);
                            break;
                        default:
                            break;
                    }
                },
                default, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            approved.Should().BeLessThanOrEqualTo(1);
            ran.Should().BeLessThanOrEqualTo(approved);
            (ran + rejected).Should().BeLessThanOrEqualTo(1, because: "what was taken back was not used, and what was used can not be taken back");
        }
    }

    [Theory]
    [MemberData(nameof(ApprovalStores.All), MemberType = typeof(ApprovalStores))]
    public async Task A_conversation_keeps_its_approval_in_a_store_and_nobody_elses(string store)
    {
        await using var made = ApprovalStores.Make(store);
        var policy = Policy.Create(p => p.AddLayer(TestLayer.AllowAll()).AddLayer(Asks(First))
            .AnticipateMisuse(misuse => misuse.RequireApproval(a => a.KeepIn(made.Store))));
        using (var before = Start(policy, "talk", Operations.Alice))
        {
            before.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeFalse();
        }

        using var after = Start(policy, "talk", Operations.Alice);
        var bob = new Principal("bob", "contoso");
        using var theirs = Start(policy, "talk", bob);
        using var other = Start(policy, "chat", Operations.Alice);
        var request = after.Approvals.Pending.Single();
        theirs.Approvals.Approve(request.Id).Should().BeFalse();
        other.Approvals.Approve(request.Id).Should().BeFalse();
        after.Approvals.Approve(request.Id).Should().BeTrue();
        theirs.TryAuthorize(Operations.Call("f", principal: bob)).IsAllowed.Should().BeFalse();
        other.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeFalse();
        after.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeTrue();
        after.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeFalse();
    }

    [Theory]
    [MemberData(nameof(ApprovalStores.All), MemberType = typeof(ApprovalStores))]
    public async Task Names_in_a_store_are_values_and_open_nothing_of_others(string store)
    {
        await using var made = ApprovalStores.Make(store);
        var policy = Policy.Create(p => p.AddLayer(TestLayer.AllowAll()).AddLayer(Asks(First))
            .AnticipateMisuse(misuse => misuse.RequireApproval(a => a.KeepIn(made.Store))));
        using var alice = Start(policy, "talk", Operations.Alice);
        alice.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeFalse();
        var id = alice.Approvals.Pending.Single().Id;

        foreach (var name in new[] { "x' OR '1'='1", "x'; DELETE FROM approvals; --", "alice' --", "%", "_lice", "$.id", "\"id\" OR 1=1", "*" })
        {
            var principal = new Principal(name, "contoso");
            using var theirs = Start(policy, name, principal);
            theirs.Approvals.Pending.Should().BeEmpty();
            theirs.TryAuthorize(Operations.Call(name, principal: principal)).IsAllowed.Should().BeFalse();
            theirs.Approvals.Pending.Should().ContainSingle();
            theirs.Approvals.Approve(id).Should().BeFalse();
            theirs.Approvals.Reject(id).Should().BeFalse();
            theirs.Approvals.Approve(name).Should().BeFalse();
        }

        alice.Approvals.Approve(id).Should().BeTrue();
        alice.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(ApprovalStores.All), MemberType = typeof(ApprovalStores))]
    public async Task A_request_and_an_approval_lapse(string store)
    {
        await using var made = ApprovalStores.Make(store);
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        using var session = Operations.SessionOf(policy => policy.Provide<TimeProvider>(clock)
            .AddLayer(TestLayer.AllowAll()).AddLayer(Asks(First))
            .AnticipateMisuse(misuse => misuse.RequireApproval(a => a.KeepIn(made.Store).Within(TimeSpan.FromMinutes(1)))));
        var id = session.TryAuthorize(Operations.Call("f")).ApprovalRequestId!;
        clock.Advance(TimeSpan.FromMinutes(1));
        session.Approvals.Approve(id).Should().BeFalse();
        session.Approvals.Approve(session.TryAuthorize(Operations.Call("f")).ApprovalRequestId!).Should().BeTrue();
        clock.Advance(TimeSpan.FromMinutes(1));
        session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeFalse();
    }

    [Theory]
    [MemberData(nameof(ApprovalStores.All), MemberType = typeof(ApprovalStores))]
    public async Task An_approval_that_was_used_or_has_lapsed_does_not_come_back(string store)
    {
        await using var made = ApprovalStores.Make(store);
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        var policy = Policy.Create(p => p.Provide<TimeProvider>(clock)
            .AddLayer(TestLayer.AllowAll()).AddLayer(Asks(First))
            .AnticipateMisuse(misuse => misuse.RequireApproval(a => a.KeepIn(made.Store).Within(TimeSpan.FromMinutes(1)))));
        using var session = Start(policy, "talk", Operations.Alice);
        var used = session.TryAuthorize(Operations.Call("used")).ApprovalRequestId!;
        var lapsed = session.TryAuthorize(Operations.Call("lapsed")).ApprovalRequestId!;
        session.Approvals.Approve(used).Should().BeTrue();
        session.Approvals.Approve(lapsed).Should().BeTrue();
        session.TryAuthorize(Operations.Call("used")).IsAllowed.Should().BeTrue();

        clock.Advance(TimeSpan.FromMinutes(1));

        foreach (var (name, id) in new[] { ("used", used), ("lapsed", lapsed) })
        {
            session.TryAuthorize(Operations.Call(name)).IsAllowed.Should().BeFalse();
            session.Approvals.Approve(id).Should().BeFalse("the answer to an old request is given again");
            session.TryAuthorize(Operations.Call(name)).IsAllowed.Should().BeFalse();

            // Nor does it for the next session of the same conversation.
            using var later = Start(policy, "talk", Operations.Alice);
            later.TryAuthorize(Operations.Call(name)).IsAllowed.Should().BeFalse();
        }
    }

    [Fact]
    public void A_store_that_fails_denies()
    {
        using var session = Operations.SessionOf(policy => policy.AddLayer(TestLayer.AllowAll()).AddLayer(Asks(First))
            .AnticipateMisuse(misuse => misuse.RequireApproval(a => a.KeepIn(new BrokenStore()))));
        session.TryAuthorize(Operations.Call("f")).Decision.Reason!.Rule.Should().Be("policy.layer-fault");
    }

    [Fact]
    public void An_edited_call_is_a_new_request()
    {
        using var session = Operations.SessionOf(policy => policy.AddLayer(TestLayer.AllowAll()).AddLayer(Asks(First)));
        var id = session.TryAuthorize(To("alice@contoso.test")).ApprovalRequestId!;
        session.Approvals.Approve(id);
        var edited = session.TryAuthorize(To("mallory@evil.test"));
        edited.IsAllowed.Should().BeFalse();
        edited.ApprovalRequestId.Should().NotBe(id);
    }

    [Fact]
    public void A_request_that_is_taken_back_approves_nothing()
    {
        using var session = Operations.SessionOf(policy => policy.AddLayer(TestLayer.AllowAll()).AddLayer(Asks(First)));
        var id = session.TryAuthorize(Operations.Call("f")).ApprovalRequestId!;
        session.Approvals.Approve(id);
        session.Approvals.Reject(id).Should().BeTrue();
        session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeFalse();
    }

    [Fact]
    public void An_answer_for_the_value_covers_its_target_for_the_session_and_nothing_else()
    {
        using var session = Operations.SessionOf(policy => policy
            .LimitPermissions(allow => allow.Function("send", f => f.Any("to").Does(Effects.Send))));
        session.MarkUntrusted();
        var id = session.TryAuthorize(To("carol@contoso.test")).ApprovalRequestId!;
        session.Approvals.Pending.Single().Targets.Should().Equal(new ApprovalTarget("to", "carol@contoso.test", TargetOrigin.Unknown));
        session.Approvals.Answer(id, ApprovalAnswer.ThisValue).Should().BeTrue();
        session.TryAuthorize(To("carol@contoso.test")).IsAllowed.Should().BeTrue();
        session.TryAuthorize(To("carol@contoso.test")).IsAllowed.Should().BeTrue();
        session.TryAuthorize(To("mallory@evil.test")).IsAllowed.Should().BeFalse();
    }

    [Fact]
    public void An_answer_for_once_covers_its_target_once()
    {
        using var session = Operations.SessionOf(policy => policy
            .LimitPermissions(allow => allow.Function("send", f => f.Any("to").Does(Effects.Send))));
        session.MarkUntrusted();
        session.Approvals.Approve(session.TryAuthorize(To("carol@contoso.test")).ApprovalRequestId!);
        session.TryAuthorize(To("carol@contoso.test")).IsAllowed.Should().BeTrue();
        session.TryAuthorize(To("carol@contoso.test")).IsAllowed.Should().BeFalse();
    }

    [Fact]
    public void What_a_person_sees_is_clean_and_says_where_targets_came_from()
    {
        using var session = Operations.SessionOf(policy => policy.AddLayer(TestLayer.AllowAll()).AddLayer(Asks(First)));
        session.AddUserMessage("Write to alice@contoso.test");
        session.TryAuthorize(To("alice@contoso.test"));
        session.TryAuthorize(To("a\u202Eb\u200Bc\u001B[2J\r\nagent: fine\u3164\U000E0041"));
        var requests = session.Approvals.Pending;
        requests[0].Text.Should().Contain("to = alice@contoso.test (named by the user)");
        requests[1].Text.Should().Contain(@"a\u{202E}b\u{200B}c\u{001B}[2J\u{000D}\u{000A}agent: fine\u{3164}\u{E0041}")
            .And.Contain("nobody vouches for it");
        requests[1].Text.Split('\n').Count(line => line.StartsWith("agent:", StringComparison.Ordinal)).Should().Be(1);
    }

    [Theory]
    [InlineData("yes {0}", true)]
    [InlineData("value {0}", true)]
    [InlineData("yes", false)]
    [InlineData("y", false)]
    [InlineData("yes 00000", false)]
    [InlineData("", false)]
    public async Task A_console_answer_names_its_request(string typed, bool isApproved)
    {
        using var output = new StringWriter();
        using var session = Operations.SessionOf(policy => policy.AddLayer(TestLayer.AllowAll()).AddLayer(Asks(First)));
        session.TryAuthorize(Operations.Call("f"));
        var request = session.Approvals.Pending.Single();
        using var input = new StringReader(string.Format(null, typed, request.Id[..4]));
        using var console = new ConsoleApprover(input, output);
        (await console.ApproveAsync(request, CancellationToken.None)).Should().Be(isApproved);
        output.ToString().Should().Contain("test.first");
    }

    [Fact]
    public async Task A_queue_holds_the_call_until_somebody_answers()
    {
        var queue = new QueuedApprover();
        using var session = Operations.SessionOf(policy => policy.AddLayer(TestLayer.AllowAll()).AddLayer(Asks(First))
            .AnticipateMisuse(misuse => misuse.RequireApproval(a => a.By(queue))));
        var added = new TaskCompletionSource<ApprovalRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
        queue.Added += (_, request) => added.TrySetResult(request);
        var call = session.TryAuthorizeAsync(Operations.Call("f")).AsTask();
        var waiting = await added.Task.WaitAsync(TimeSpan.FromSeconds(60));
        call.IsCompleted.Should().BeFalse();
        queue.Answer(waiting.Id, ApprovalAnswer.Once).Should().BeTrue();
        queue.Answer(waiting.Id, ApprovalAnswer.Once).Should().BeFalse();
        (await call).IsAllowed.Should().BeTrue();
        queue.Pending.Should().BeEmpty();
    }

    [Fact]
    public async Task What_is_too_long_to_show_is_not_approved_by_a_short_code()
    {
        using var output = new StringWriter();
        using var session = Operations.SessionOf(policy => policy.AddLayer(TestLayer.AllowAll()).AddLayer(Asks(First)));
        session.TryAuthorize(To(new string('x', 20_000)));
        var request = session.Approvals.Pending.Single();
        request.IsShownInFull.Should().BeFalse();
        using var console = new ConsoleApprover(new StringReader($"yes {request.Id[..4]}\nyes {request.Id}\n"), output);
        (await console.ApproveAsync(request, CancellationToken.None)).Should().BeFalse();
        (await console.ApproveAsync(request, CancellationToken.None)).Should().BeTrue();
    }

    private static TestMisuseLayer Asks(Reason reason) => new(reason.Rule, (_, _) => Objection.Ask(reason));

    private static GuardSession Start(Policy policy, string conversation, Principal principal) =>
        GuardSession.Create(policy, principal, new GuardSessionOptions { ConversationId = conversation });

    private static FunctionOperation To(string address) => new(
        Operations.Alice, Effects.Send, "send", JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["to"] = address }));

    private sealed class BrokenStore : IApprovalStore
    {
        public bool TryAdd(ApprovalEntry entry, int mostOpen, DateTimeOffset now) => throw new IOException();

        public IReadOnlyList<ApprovalEntry> Open(string scope, DateTimeOffset now) => throw new IOException();

        public bool TryChange(string id, ApprovalState from, ApprovalState to, DateTimeOffset now) => throw new IOException();
    }
}
