using LangGuard.Auditing;
using LangGuard.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LangGuard.Tests;

public sealed class GuardSessionTests
{
    private static readonly Reason Because = Votes.Because;

    [Fact]
    public void Allows_what_is_granted()
    {
        using var session = AllowAll();
        using var permit = session.Authorize(Operations.Call("f"));
        permit.Grant.Should().BeSameAs(Votes.FunctionGrant);
    }

    [Fact]
    public void An_ended_session_denies_everything()
    {
        var session = AllowAll();
        session.Dispose();
        Rule(session).Should().Be("session.ended");
    }

    [Fact]
    public void A_session_denies_after_its_lifetime()
    {
        var clock = new FakeTimeProvider();
        using var session = GuardSession.Create(
            Policy.Create(policy => policy.UseTimeProvider(clock).AddLayer(TestLayer.AllowAll())),
            Operations.Alice,
            new GuardSessionOptions { Lifetime = TimeSpan.FromMinutes(10) });
        Rule(session).Should().BeNull();
        clock.Advance(TimeSpan.FromMinutes(10));
        Rule(session).Should().Be("session.ended");
    }

    [Fact]
    public void A_child_ends_with_its_parent()
    {
        var parent = AllowAll();
        using var child = parent.CreateChild(AllowAllPolicy());
        Rule(child).Should().BeNull();
        parent.Dispose();
        Rule(child).Should().Be("session.ended");
    }

    [Fact]
    public void A_parent_goes_on_after_its_child_ended()
    {
        using var parent = AllowAll();
        parent.CreateChild(AllowAllPolicy()).Dispose();
        Rule(parent).Should().BeNull();
    }

    [Fact]
    public void An_operation_of_another_principal_is_denied()
    {
        using var session = AllowAll();
        session.TryAuthorize(Operations.Call("f", principal: new Principal("alice", "fabrikam")))
            .Decision.Reason!.Rule.Should().Be("session.principal-mismatch");
        session.TryAuthorize(Operations.Call("f", principal: new Principal("alice", "contoso")))
            .IsAllowed.Should().BeTrue();
    }

    [Fact]
    public void Work_of_one_session_inside_another_request_is_denied()
    {
        using var running = AllowAll();
        using var other = AllowAll();
        using (AmbientSession.Enter(running))
        {
            Rule(other).Should().Be("session.mismatch");
            Rule(running).Should().BeNull();
            using var child = running.CreateChild(AllowAllPolicy());
            Rule(child).Should().BeNull();
        }

        Rule(other).Should().BeNull();
    }

    [Fact]
    public void A_parent_does_not_act_inside_its_child()
    {
        using var parent = AllowAll();
        using var child = parent.CreateChild(AllowAllPolicy());
        using (AmbientSession.Enter(child))
        {
            Rule(parent).Should().Be("session.mismatch");
        }
    }

    [Fact]
    public async Task A_consumer_started_inside_a_request_does_not_keep_its_rights()
    {
        using var request = AllowAll();
        using var queued = AllowAll();
        var gate = new TaskCompletionSource();
        var ambient = AmbientSession.Enter(request);
        var consumer = Task.Run(async () =>
        {
            var whileItRuns = Rule(queued);
            await gate.Task;
            return (whileItRuns, After: Rule(queued), Ambient: AmbientSession.Current);
        });
        ambient.Dispose();
        request.Dispose();
        gate.SetResult();
        var (_, after, left) = await consumer;
        after.Should().BeNull();
        left.Should().BeNull();
    }

    [Fact]
    public async Task A_consumer_that_runs_while_the_request_runs_is_denied_for_other_sessions()
    {
        using var request = AllowAll();
        using var queued = AllowAll();
        using var ambient = AmbientSession.Enter(request);
        (await Task.Run(() => Rule(queued))).Should().Be("session.mismatch");
    }

    [Fact]
    public void A_reload_takes_rights_from_a_running_session_and_adds_none()
    {
        var before = Policy.Create(policy => policy.AddLayer(AllowOnly("read", "delete")));
        var after = Policy.Create(policy => policy.AddLayer(AllowOnly("read", "write")));
        var source = new PolicySource(before);
        using var running = GuardSession.Create(source, Operations.Alice);
        Rule(running, "delete").Should().BeNull();

        source.Replace(after);

        Rule(running, "delete").Should().NotBeNull();
        Rule(running, "write").Should().NotBeNull();
        Rule(running, "read").Should().BeNull();
        using var fresh = GuardSession.Create(source, Operations.Alice);
        Rule(fresh, "write").Should().BeNull();
    }

    [Fact]
    public void Freezing_an_agent_denies_changes_in_running_sessions()
    {
        var source = new PolicySource(AllowAllPolicy());
        using var session = GuardSession.Create(source, Operations.Alice);
        source.Freeze();
        session.TryAuthorize(Operations.Call("f", Effects.Write)).Decision.Reason!.Rule.Should().Be("misuse.frozen");
        session.TryAuthorize(Operations.Call("f", Effects.Read)).IsAllowed.Should().BeTrue();
        source.Unfreeze();
        session.TryAuthorize(Operations.Call("f", Effects.Write)).IsAllowed.Should().BeTrue();
    }

    [Fact]
    public void Freezing_a_child_freezes_the_tree()
    {
        using var parent = AllowAll();
        using var child = parent.CreateChild(AllowAllPolicy());
        child.Freeze();
        parent.TryAuthorize(Operations.Call("f", Effects.Delete)).IsAllowed.Should().BeFalse();
    }

    [Fact]
    public void Untrusted_content_in_a_child_labels_the_parent()
    {
        using var parent = GuardSession.Create(
            Policy.Create(policy => policy.AddLayer(new TestLayer("u", _ => Decision.Allow(new Permissions.FunctionGrant(false))))),
            Operations.Alice);
        using var child = parent.CreateChild(AllowAllPolicy());
        parent.HoldsUntrustedContent.Should().BeFalse();
        using (var permit = child.Authorize(Operations.Call("read")))
        {
            permit.Complete(OperationOutcome.Success(bytesIn: 1));
        }

        parent.HoldsUntrustedContent.Should().BeTrue();
    }

    [Fact]
    public void A_sink_that_throws_turns_an_allow_into_a_denial()
    {
        using var session = Operations.SessionOf(policy => policy
            .AddLayer(TestLayer.AllowAll())
            .DefendInDepth(defense => defense.Audit(new RecordingSink(fails: true))));
        Rule(session).Should().Be("audit.unavailable");
    }

    [Fact]
    public void Decision_and_outcome_are_recorded_under_one_number()
    {
        var sink = new RecordingSink();
        using var session = Operations.SessionOf(policy => policy
            .AddLayer(TestLayer.AllowAll())
            .DefendInDepth(defense => defense.Audit(sink)));
        using (var permit = session.Authorize(Operations.Call("f")))
        {
            permit.Complete(OperationOutcome.Success(bytesIn: 3));
            permit.Complete(OperationOutcome.Success(bytesIn: 4));
        }

        sink.Records.Select(record => (record.Phase, record.Sequence, record.Outcome.BytesIn)).Should().Equal(
            (AuditPhase.Decision, 1, 0), (AuditPhase.Outcome, 1, 3));
    }

    [Fact]
    public void What_a_guard_refuses_is_counted_and_recorded()
    {
        var quota = new CountingLayer();
        var sink = new RecordingSink();
        using var session = Operations.SessionOf(policy => policy
            .AddLayer(TestLayer.AllowAll()).AddLayer(quota).DefendInDepth(defense => defense.Audit(sink)));
        var answer = session.Refuse(Operations.Call("ambiguous"), Because);
        answer.IsAllowed.Should().BeFalse();
        answer.Decision.Reason.Should().BeSameAs(Because);
        quota.Should().BeEquivalentTo(new { Attempts = 1, Settled = 1 });
        sink.Records.Should().ContainSingle().Which.Decision.Kind.Should().Be(DecisionKind.Deny);
    }

    [Fact]
    public void A_permit_that_is_not_completed_counts_as_failed()
    {
        var sink = new RecordingSink();
        using var session = Operations.SessionOf(policy => policy
            .AddLayer(TestLayer.AllowAll())
            .DefendInDepth(defense => defense.Audit(sink)));
        session.Authorize(Operations.Call("f")).Dispose();
        sink.Records[^1].Outcome.Status.Should().Be(OutcomeStatus.Failed);
    }

    [Fact]
    public void What_is_reserved_is_settled_also_for_a_denied_operation()
    {
        var quota = new CountingLayer();
        using var session = Operations.SessionOf(policy => policy
            .AddLayer(AllowOnly("granted")).AddLayer(quota));
        session.TryAuthorize(Operations.Call("denied"));
        quota.Should().BeEquivalentTo(new { Attempts = 1, Settled = 1 });
        session.Authorize(Operations.Call("granted")).Dispose();
        quota.Should().BeEquivalentTo(new { Attempts = 2, Settled = 2 });
    }

    [Fact]
    public void A_layer_that_fails_while_counting_denies()
    {
        var quota = new CountingLayer { Fails = true };
        using var session = Operations.SessionOf(policy => policy.AddLayer(TestLayer.AllowAll()).AddLayer(quota));
        Rule(session).Should().Be("policy.layer-fault");
    }

    [Fact]
    public void A_database_denial_is_a_database_exception()
    {
        using var session = Operations.SessionOf(_ => { });
        var act = () => session.Authorize(new DatabaseOperation(Operations.Alice, Effects.Read, "shop", "SELECT 1"));
        act.Should().Throw<DbAccessDeniedException>();
    }

    [Fact]
    public void An_ask_without_an_approver_is_denied_with_the_id_of_the_request()
    {
        using var session = Operations.SessionOf(policy => policy
            .AddLayer(TestLayer.AllowAll())
            .AddLayer(new TestMisuseLayer("ask", (_, _) => Objection.Ask(Because))));
        var answer = session.TryAuthorize(Operations.Call("f"));
        answer.IsAllowed.Should().BeFalse();
        answer.Decision.Kind.Should().Be(DecisionKind.Ask);
        session.Approvals.Pending.Select(request => request.Id).Should().Equal(answer.ApprovalRequestId);
    }

    [Fact]
    public void An_approval_lets_the_same_effect_through_once()
    {
        using var session = Operations.SessionOf(policy => policy
            .AddLayer(TestLayer.AllowAll())
            .AddLayer(new TestMisuseLayer("ask", (_, _) => Objection.Ask(Because))));
        var id = session.TryAuthorize(Operations.Call("f")).ApprovalRequestId!;
        session.Approvals.Approve(id).Should().BeTrue();
        session.TryAuthorize(Operations.Call("g")).IsAllowed.Should().BeFalse();
        session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeTrue();
        session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeFalse();
    }

    [Fact]
    public void An_approval_never_removes_a_denial()
    {
        var denies = false;
        using var session = Operations.SessionOf(policy => policy
            .AddLayer(TestLayer.AllowAll())
            .AddLayer(new TestMisuseLayer("ask", (_, _) => Objection.Ask(Because)))
            .AddLayer(new TestMisuseLayer("deny", (_, _) => denies ? Objection.Deny(Because) : Objection.None)));
        session.Approvals.Approve(session.TryAuthorize(Operations.Call("f")).ApprovalRequestId!);
        denies = true;
        session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeFalse();
    }

    [Fact]
    public void Nobody_is_asked_about_what_no_permission_covers()
    {
        using var session = Operations.SessionOf(policy => policy
            .AddLayer(AllowOnly("granted"))
            .AddLayer(new TestMisuseLayer("ask", (_, _) => Objection.Ask(Because))));
        session.TryAuthorize(Operations.Call("other")).Decision.Kind.Should().Be(DecisionKind.Deny);
        session.Approvals.Pending.Should().BeEmpty();
    }

    private static Policy AllowAllPolicy() => Policy.Create(policy => policy.AddLayer(TestLayer.AllowAll()));

    private static GuardSession AllowAll() => GuardSession.Create(AllowAllPolicy(), Operations.Alice);

    private static TestLayer AllowOnly(params string[] functions) => new("only", operation =>
        functions.Contains(((FunctionOperation)operation).Function) ? Votes.Allow(operation) : Decision.Abstain);

    private static string? Rule(GuardSession session, string function = "f")
    {
        var answer = session.TryAuthorize(Operations.Call(function));
        answer.Permit?.Dispose();
        return answer.Decision.Reason?.Rule;
    }

    private sealed class CountingLayer : MisuseLayer
    {
        public int Attempts { get; private set; }

        public int Settled { get; private set; }

        public bool Fails { get; init; }

        public override string Name => "counting";

        public override bool Reserves => true;

        public override Objection Review(Operation operation, GuardSession session) => Objection.None;

        public override Objection TryReserve(Operation operation, GuardSession session)
        {
            Attempts++;
            return Fails ? throw new InvalidOperationException() : Objection.None;
        }

        public override void Settle(Operation operation, GuardSession session, in OperationOutcome outcome) => Settled++;
    }
}
