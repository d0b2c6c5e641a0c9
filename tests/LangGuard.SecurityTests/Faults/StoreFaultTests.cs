using LangGuard.Auditing;
using LangGuard.Misuse;

namespace LangGuard.SecurityTests.Faults;

/// <summary>Stores that fail at any of their calls: no effect, an answer without the failure's text, a record that says so.</summary>
public sealed class StoreFaultTests : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("langguard-stores-");

    public void Dispose() => _temp.Delete(recursive: true);

    [Theory]
    [InlineData("throws")]
    [InlineData("is cancelled")]
    [InlineData("nothing")]
    [InlineData("holes")]
    [InlineData("garbage")]
    public async Task A_store_of_approvals_that_fails_at_any_call_approves_nothing(string how)
    {
        for (var at = 0; at < 40; at++)
        {
            var records = new List<AuditRecord>();
            var store = new FlakyApprovalStore(at, how);
            using var session = Asking(store, records, approver: new FaultWorld.Approver(_ => ValueTask.FromResult(true)));

            var answer = await session.TryAuthorizeAsync(FaultWorld.Call());

            if (!store.HasFailed)
            {
                answer.IsAllowed.Should().BeTrue("the store worked to the end");
                at.Should().BePositive("the first call already matters");
                return;
            }

            if (answer.IsAllowed)
            {
                // The approval was used up; what failed came after and could not matter.
                store.Calls.Should().BeGreaterThan(5);
                continue;
            }

            answer.Decision.Reason!.Message.Should().NotContain("hunter2");
            answer.Decision.Reason.Rule.Should().BeOneOf("policy.layer-fault", "approval.rejected", "test.ask");
            records.Should().ContainSingle().Which.Decision.Kind.Should().NotBe(DecisionKind.Allow);
        }

        throw new InvalidOperationException("The store never got to the end.");
    }

    [Fact]
    public async Task A_store_of_approvals_that_hangs_holds_up_its_own_operation_alone()
    {
        using var gate = new ManualResetEventSlim();
        var store = new FlakyApprovalStore(0, "hangs", gate);
        using var session = Asking(store, [], approver: null);
        var effects = 0;
        var stuck = Task.Run(() => session.TryAuthorize(FaultWorld.Call()).IsAllowed ? Interlocked.Increment(ref effects) : 0);
        SpinWait.SpinUntil(() => store.HasFailed, TimeSpan.FromSeconds(30)).Should().BeTrue();
        using var other = FaultWorld.Session(_ => { });
        other.TryAuthorize(FaultWorld.Call()).IsAllowed.Should().BeTrue();
        stuck.IsCompleted.Should().BeFalse();
        gate.Set();
        await stuck;
        effects.Should().Be(0);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("replaced by a file")]
    [InlineData("full")]
    public void A_journal_that_can_not_keep_what_was_there_lets_nothing_be_destroyed(string how)
    {
        var root = _temp.CreateSubdirectory("kb").FullName;
        var journal = Path.Combine(_temp.FullName, "journal");
        File.WriteAllText(Path.Combine(root, "a.txt"), "before");
        File.WriteAllText(Path.Combine(root, "b.txt"), "before");
        var records = new List<AuditRecord>();
        using var session = GuardSession.Create(
            Policy.Create(policy => policy
                .LimitPermissions(allow => allow.Files("kb", root, files => files.Read("**").Write("**").Delete("**")))
                .DefendInDepth(defense => defense
                    .Audit(new FaultWorld.Sink(record =>
                    {
                        lock (records)
                        {
                            records.Add(record);
                        }
                    }))
                    .KeepJournal(journal, options => options.MaxBytes = how == "full" ? 1 : options.MaxBytes))),
            FaultWorld.Alice);
        _ = session.FileSystem.File.ReadAllText("/kb/a.txt");
        if (how != "full")
        {
            Directory.Delete(journal, recursive: true);
        }

        if (how == "replaced by a file")
        {
            File.WriteAllText(journal, "x");
        }

        var write = () => session.FileSystem.File.WriteAllText("/kb/a.txt", "after");
        var delete = () => session.FileSystem.File.Delete("/kb/b.txt");
        write.Should().Throw<Exception>().Which.ToString().Should().NotContain(_temp.FullName + "/journal");
        delete.Should().Throw<Exception>().Which.ToString().Should().NotContain(_temp.FullName + "/journal");
        File.ReadAllText(Path.Combine(root, "a.txt")).Should().Be("before");
        File.ReadAllText(Path.Combine(root, "b.txt")).Should().Be("before");
        records.Should().NotContain(record => record.Phase == AuditPhase.Outcome
            && record.Outcome.Status == OutcomeStatus.Succeeded && (record.Operation.Effects & (Effects.Write | Effects.Delete)) != 0);
    }

    private static GuardSession Asking(IApprovalStore store, List<AuditRecord> records, IApprover? approver) => FaultWorld.Session(policy =>
    {
        policy.AddLayer(new FaultWorld.Misuse { OnReview = () => Objection.Ask(new Reason("test.ask", "Ask.")) });
        policy.AnticipateMisuse(misuse => misuse.RequireApproval(approval =>
        {
            approval.KeepIn(store);
            if (approver is not null)
            {
                approval.By(approver);
            }
        }));
        policy.DefendInDepth(defense => defense.Audit(new FaultWorld.Sink(record =>
        {
            lock (records)
            {
                records.Add(record);
            }
        })));
    });
}
