using LangGuard.Auditing;

namespace LangGuard.Tests.Auditing;

/// <summary>A table that somebody else holds: what waits is bounded, nothing hangs, and what is missing is said.</summary>
public abstract partial class AuditTableTests
{
    /// <summary>A tenth of the default, so that few records fill it.</summary>
    private const long Room = 1_200_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Outcomes_beyond_what_can_wait_are_counted_and_all_others_kept(bool isLocked)
    {
        // More than fits while the table is locked; what is open is what was allowed before.
        const int Permits = 8_000;
        using (var sink = Open(room: Room))
        using (var session = AuditWorld.Session(sink, Many))
        {
            var permits = await PermitsAsync(session, Permits);
            using (isLocked ? Hold() : null)
            {
                for (var i = 0; i < permits.Count; i++)
                {
                    permits[i].Complete(OperationOutcome.Success());
                    if (!isLocked && i % 1_000 == 0)
                    {
                        await sink.CheckpointAsync();
                    }
                }

                if (isLocked)
                {
                    var answer = session.TryAuthorize(Support.Operations.Call("f"));
                    answer.Decision.Reason!.Rule.Should().Be("audit.unavailable");
                    answer.Decision.Reason.Message.Should().Contain("Too many audit records wait");
                    (await session.TryAuthorizeAsync(Support.Operations.Call("f", Effects.Delete))).IsAllowed.Should().BeFalse();
                }
            }

            SpinWait.SpinUntil(() => TryAct(session), TimeSpan.FromMinutes(1)).Should().BeTrue("it goes on once the table answers");
            await sink.CheckpointAsync();
        }

        var report = Check();
        report.Findings.Should().BeEmpty();
        report.ProvenRecords.Should().Be(report.Records);
        var lost = Sum("gap", "lostOutcomes");
        (lost > 0).Should().Be(isLocked);

        // The last two of the lost are the denials that were answered meanwhile.
        report.UnknownOutcomes.Count.Should().BeLessThanOrEqualTo((int)lost).And.BeGreaterThanOrEqualTo((int)lost - 4);
        Count("outcome").Should().Be(Permits + 1 - report.UnknownOutcomes.Count);
    }

    [Fact]
    public async Task Outcomes_find_room_where_decisions_do_not()
    {
        const int Permits = 5_500;
        using (var sink = Open(room: Room))
        using (var session = AuditWorld.Session(sink, Many))
        {
            var permits = await PermitsAsync(session, Permits);
            using (Hold())
            {
                foreach (var permit in permits)
                {
                    permit.Complete(OperationOutcome.Success());
                }

                session.TryAuthorize(Support.Operations.Call("f")).Decision.Reason!.Message.Should().Contain("Too many audit records wait");
            }

            SpinWait.SpinUntil(() => TryAct(session), TimeSpan.FromMinutes(1)).Should().BeTrue();
        }

        Count("outcome").Should().Be(Permits + 1);
        Check().Should().Match<AuditReport>(report => report.IsIntact && report.UnknownOutcomes.Count == 0);
    }

    [Fact]
    public async Task A_table_that_somebody_locks_denies_and_nothing_hangs()
    {
        using (var sink = Open())
        using (var session = AuditWorld.Session(sink))
        {
            AuditWorld.Act(session);
            using (Hold())
            {
                var answers = await Task.WhenAll(
                    session.TryAuthorizeAsync(Support.Operations.Call("f")).AsTask(),
                    session.TryAuthorizeAsync(Support.Operations.Call("f", Effects.Delete)).AsTask(),
                    Task.Run(() => session.TryAuthorize(Support.Operations.Call("f"))));
                answers.Should().OnlyContain(answer => answer.Decision.Reason!.Rule == "audit.unavailable");
            }

            SpinWait.SpinUntil(() => TryAct(session), TimeSpan.FromMinutes(1)).Should().BeTrue();
        }

        Check().IsIntact.Should().BeTrue();
    }

    private static void Many(PolicyBuilder policy) =>
        policy.AnticipateMisuse(misuse => misuse.LimitUsage(usage => usage.Calls(100_000).Concurrency(100_000)));

    private static async Task<List<Permit>> PermitsAsync(GuardSession session, int count)
    {
        var permits = new List<Permit>(count);
        while (permits.Count < count)
        {
            permits.AddRange(await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => session.AuthorizeAsync(Support.Operations.Call("f")).AsTask())));
        }

        return permits;
    }

    private static bool TryAct(GuardSession session)
    {
        if (session.TryAuthorize(Support.Operations.Call("f")) is not { IsAllowed: true } answer)
        {
            return false;
        }

        answer.Permit.Complete(OperationOutcome.Success());
        return true;
    }

    /// <summary>Keeps everybody else from writing the table until it is disposed.</summary>
    private protected abstract IDisposable Hold();
}
