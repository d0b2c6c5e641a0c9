using System.Reflection;
using LangGuard.Auditing;
using LangGuard.Misuse;
using Microsoft.Extensions.Time.Testing;

namespace LangGuard.SecurityTests.Faults;

public sealed class FaultTests
{
    private const string Details = "Server=db;Password=hunter2 at /srv/secret";

    public static TheoryData<string> Failing =>
    [
        "permission throws", "permission says nothing", "permission allows without a grant", "permission is cancelled",
        "misuse throws", "misuse says nothing", "misuse says a number that means nothing", "misuse is cancelled",
        "reserve throws", "reserve says nothing",
        "sink throws", "sink is cancelled", "second sink throws",
    ];

    [Theory]
    [MemberData(nameof(Failing))]
    public async Task A_part_that_fails_denies_and_the_audit_says_which(string part)
    {
        var records = new List<AuditRecord>();
        var sink = new FaultWorld.Sink(record =>
        {
            lock (records)
            {
                records.Add(record);
            }
        });
        using var session = FaultWorld.Session(policy =>
        {
            policy.DefendInDepth(defense => defense.Audit(sink));
            Break(policy, part);
        });

        (await FaultWorld.ActAsync(session)).Should().Be(0);

        records.Should().NotBeEmpty();
        records.Where(record => record.Phase == AuditPhase.Decision && record.Decision.Kind == DecisionKind.Deny).Should().HaveCount(2);
        records.Should().NotContain(record => record.Phase == AuditPhase.Outcome, "nothing was done");
        var rule = records[^1].Decision.Reason!.Rule;
        rule.Should().Be(part.Contains("sink", StringComparison.Ordinal) ? "audit.unavailable"
            : part.Contains("says nothing", StringComparison.Ordinal) ? "policy.unspecified"
            : part.Contains("without", StringComparison.Ordinal) || part.Contains("number", StringComparison.Ordinal) ? "policy.invalid-vote"
            : "policy.layer-fault");
    }

    [Fact]
    public async Task Nothing_of_an_exception_reaches_the_answer()
    {
        using var session = FaultWorld.Session(policy => Break(policy, "misuse throws"));
        var denial = await session.Invoking(s => s.AuthorizeAsync(FaultWorld.Call()).AsTask()).Should().ThrowAsync<AccessDeniedException>();
        denial.Which.ToString().Should().NotContainAny("hunter2", "/srv/secret", "InvalidOperation");
        denial.Which.InnerException.Should().BeNull();
    }

    [Fact]
    public async Task A_settle_that_throws_keeps_neither_the_outcome_nor_the_other_layers()
    {
        var settled = 0;
        var records = new List<AuditRecord>();
        using var session = FaultWorld.Session(policy => policy
            .AddLayer(new FaultWorld.Misuse { OnSettle = () => throw new InvalidOperationException(Details) })
            .AddLayer(new FaultWorld.Misuse { OnSettle = () => settled++ })
            .DefendInDepth(defense => defense.Audit(new FaultWorld.Sink(records.Add))));
        (await FaultWorld.ActAsync(session)).Should().Be(2);
        settled.Should().Be(2);
        records.Count(record => record.Phase == AuditPhase.Outcome).Should().Be(2);
    }

    [Fact]
    public async Task A_layer_that_does_not_return_has_no_effect_and_holds_up_nobody_else()
    {
        using var gate = new ManualResetEventSlim();
        using var entered = new SemaphoreSlim(0);
        var blocked = true;
        using var session = FaultWorld.Session(policy => policy.AddLayer(new FaultWorld.Misuse
        {
            OnReview = () =>
            {
                if (blocked)
                {
                    blocked = false;
                    entered.Release();
                    gate.Wait();
                    return Objection.Deny(new Reason("test.late", "Too late."));
                }

                return Objection.None;
            },
        }));
        var effects = 0;
        var stuck = Task.Run(() => session.TryAuthorize(FaultWorld.Call()).IsAllowed ? Interlocked.Increment(ref effects) : 0);
        await entered.WaitAsync();
        session.TryAuthorize(FaultWorld.Call()).IsAllowed.Should().BeTrue();
        effects.Should().Be(0);
        gate.Set();
        await stuck;
        effects.Should().Be(0);
    }

    [Fact]
    public async Task A_sink_that_does_not_answer_denies()
    {
        var clock = new FakeTimeProvider();
        var asked = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        using var session = FaultWorld.Session(policy => policy
            .UseTimeProvider(clock)
            .DefendInDepth(defense => defense.Audit(new FaultWorld.Sink(_ => { }, _ =>
            {
                asked.TrySetResult();
                return new ValueTask(never.Task);
            }))));
        var answer = session.TryAuthorizeAsync(FaultWorld.Call()).AsTask();
        await asked.Task;
        clock.Advance(TimeSpan.FromMinutes(1));
        (await answer).Decision.Reason!.Rule.Should().Be("audit.unavailable");
    }

    [Fact]
    public async Task A_caller_that_gives_up_while_the_sink_works_has_no_permit()
    {
        var never = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        var settled = 0;
        using var cancel = new CancellationTokenSource();
        using var session = FaultWorld.Session(policy => policy
            .AddLayer(new FaultWorld.Misuse { OnReserve = () => Objection.None, OnSettle = () => settled++ })
            .DefendInDepth(defense => defense.Audit(new FaultWorld.Sink(_ => { }, _ =>
            {
                asked.TrySetResult();
                return new ValueTask(never.Task);
            }))));
        var answer = session.TryAuthorizeAsync(FaultWorld.Call(), cancel.Token).AsTask();
        await asked.Task;
        await cancel.CancelAsync();
        await FluentActions.Awaiting(() => answer).Should().ThrowAsync<OperationCanceledException>();
        settled.Should().Be(1, "what was reserved is given back");
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("throws at once")]
    [InlineData("is cancelled")]
    [InlineData("hangs")]
    [InlineData("says no")]
    public async Task An_approver_that_fails_has_not_approved(string how)
    {
        var clock = new FakeTimeProvider();
        var asked = new TaskCompletionSource();
        using var session = FaultWorld.Session(policy => policy
            .UseTimeProvider(clock)
            .AddLayer(new FaultWorld.Misuse { OnReview = () => Objection.Ask(new Reason("test.ask", "Ask.")) })
            .AnticipateMisuse(misuse => misuse.RequireApproval(approval => approval.By(new FaultWorld.Approver(cancel =>
            {
                asked.TrySetResult();
                return how switch
                {
                    "throws" => ValueTask.FromException<bool>(new InvalidOperationException(Details)),
                    "throws at once" => throw new InvalidOperationException(Details),
                    "is cancelled" => ValueTask.FromCanceled<bool>(new CancellationToken(true)),
                    "hangs" => new ValueTask<bool>(new TaskCompletionSource<bool>().Task),
                    _ => ValueTask.FromResult(false),
                };
            })))));
        var answer = session.TryAuthorizeAsync(FaultWorld.Call()).AsTask();
        await asked.Task;
        clock.Advance(TimeSpan.FromHours(1));
        var decision = (await answer).Decision;
        decision.Kind.Should().NotBe(DecisionKind.Allow);
        decision.Reason!.Message.Should().NotContain("hunter2");
    }

    [Fact]
    public void What_is_asked_of_a_broken_explanation_still_answers()
    {
        using var session = FaultWorld.Session(policy => Break(policy, "misuse throws"));
        session.Policy.Explain(FaultWorld.Call(), session).Votes.Should().Contain(vote => vote.Vote == "Fault" && vote.Layer == "test.misuse");
    }

    private static void Break(PolicyBuilder policy, string part)
    {
        Exception failure = part.Contains("cancelled", StringComparison.Ordinal)
            ? new OperationCanceledException()
            : new InvalidOperationException(Details);
        _ = part switch
        {
            "permission throws" or "permission is cancelled" => policy.AddLayer(new FaultWorld.Permission(_ => throw failure)),
            "permission says nothing" => policy.AddLayer(new FaultWorld.Permission(_ => default)),
            "permission allows without a grant" => policy.AddLayer(new FaultWorld.Permission(_ => Decision.Allow(new Forged()))),
            "misuse throws" or "misuse is cancelled" => policy.AddLayer(new FaultWorld.Misuse { OnReview = () => throw failure }),
            "misuse says nothing" => policy.AddLayer(new FaultWorld.Misuse { OnReview = () => default }),
            "misuse says a number that means nothing" => policy.AddLayer(new FaultWorld.Misuse { OnReview = Nonsense }),
            "reserve throws" => policy.AddLayer(new FaultWorld.Misuse { OnReserve = () => throw failure }),
            "reserve says nothing" => policy.AddLayer(new FaultWorld.Misuse { OnReserve = () => default }),
            _ => policy.DefendInDepth(defense => defense.Audit(new FaultWorld.Sink(_ => throw failure))),
        };
    }

    private static Objection Nonsense()
    {
        object objection = Objection.None;
        typeof(Objection).GetField("<Kind>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance)!
            .SetValue(objection, (ObjectionKind)99);
        return (Objection)objection;
    }

    /// <summary>A grant of another surface than the operation's.</summary>
    private sealed class Forged() : Grant(Surface.Database, trusted: true)
    {
        public override Grant Intersect(Grant other) => this;
    }
}
