using System.Security.Cryptography;
using LangGuard.Auditing;

namespace LangGuard.Tests.Auditing;

/// <summary>The same for every database that keeps the audit, on the real engine.</summary>
public abstract class AuditTableTests
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly System.Collections.Concurrent.ConcurrentQueue<AuditCheckpoint> _kept = [];

    /// <summary>A tenth of the default, so that few records fill it.</summary>
    private const long Room = 1_200_000;

    [Fact]
    public async Task Records_every_decision_before_and_every_outcome_after()
    {
        using (var sink = Open())
        {
            using var session = AuditWorld.Session(sink);
            AuditWorld.Act(session, 3);
            AuditWorld.Act(session, 2, effects: Effects.Delete);
            Count("decision").Should().Be(5, "the intent stands before the effect");
            session.TryAuthorize(Support.Operations.Call("other")).IsAllowed.Should().BeFalse();
            await sink.CheckpointAsync();
        }

        Count("decision").Should().Be(6);
        Count("outcome").Should().Be(5);
        var report = Check();
        report.Findings.Should().BeEmpty();
        report.UnknownOutcomes.Should().BeEmpty();
        report.ProvenRecords.Should().Be(report.Records).And.Be(12);
    }

    [Fact]
    public async Task Goes_on_behind_what_is_there()
    {
        for (var run = 0; run < 3; run++)
        {
            using var sink = Open();
            using var session = AuditWorld.Session(sink);
            AuditWorld.Act(session, 4);
            await sink.CheckpointAsync();
        }

        Check().Should().BeEquivalentTo(new { Records = 25L, ProvenRecords = 25L, IsIntact = true });
    }

    [Theory]
    [InlineData("x'); DROP TABLE langguard_audit; --")]
    [InlineData("x' OR '1'='1")]
    [InlineData("x\\' || (SELECT 1) --")]
    [InlineData("$.x\" = 1 OR \"1\" = \"1")]
    [InlineData("@p0 $1 :p ? {0}")]
    public async Task A_name_is_a_value_and_never_part_of_a_statement(string name)
    {
        using (var sink = Open())
        {
            using var session = AuditWorld.Session(sink);
            AuditWorld.Act(session);
            var arguments = System.Text.Json.JsonSerializer.SerializeToElement(new Dictionary<string, string> { [name] = name });
            session.TryAuthorize(new FunctionOperation(session.Principal, Effects.Read, name, arguments)).IsAllowed.Should().BeFalse();
            AuditWorld.Act(session);
            await sink.CheckpointAsync();
        }

        Count("decision").Should().Be(3);
        Check().Should().BeEquivalentTo(new { Records = 6L, ProvenRecords = 6L, IsIntact = true });
    }

    [Fact]
    public async Task An_intent_without_an_outcome_is_reported_as_unknown()
    {
        using (var sink = Open())
        {
            using var session = AuditWorld.Session(sink);
            session.Authorize(Support.Operations.Call("f"));
            await sink.CheckpointAsync();
            Check().UnknownOutcomes.Should().ContainSingle();
        }

        Open().Dispose();
        Count("recovered").Should().Be(1);
        Check().UnknownOutcomes.Should().BeEmpty("the next run has said that it is unknown");
    }

    [Fact]
    public async Task What_can_not_be_recorded_does_not_happen_and_later_operations_do()
    {
        using (var sink = Open())
        {
            using var session = AuditWorld.Session(sink);
            AuditWorld.Act(session);
            Break();
            session.TryAuthorize(Support.Operations.Call("f")).Decision.Reason!.Rule.Should().Be("audit.unavailable");
            (await session.TryAuthorizeAsync(Support.Operations.Call("f"))).Decision.Reason!.Rule.Should().Be("audit.unavailable");
            Mend();
            AuditWorld.Act(session, 2);
        }

        var report = Check();
        report.IsIntact.Should().BeTrue(string.Join(' ', report.Findings));
        report.UnknownOutcomes.Should().BeEmpty();
    }

    [Fact]
    public async Task Callers_at_the_same_time_share_transactions_and_lose_nothing()
    {
        using (var sink = Open(AuditMode.Durable))
        {
            using var session = AuditWorld.Session(sink);
            await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, cancel) =>
            {
                using var permit = await session.AuthorizeAsync(Support.Operations.Call("f"), cancel);
                permit.Complete(OperationOutcome.Success());
            });
        }

        Count("decision").Should().Be(400);
        Count("outcome").Should().Be(400);
        Check().Findings.Should().BeEmpty();
    }

    [Theory]
    [InlineData("UPDATE langguard_audit SET record = replace(record, 'Allow', 'Deny!') WHERE number = 3", AuditFindingKind.Edited)]
    [InlineData("UPDATE langguard_audit SET hash = (SELECT hash FROM langguard_audit WHERE number = 4) WHERE number = 3", AuditFindingKind.Edited)]
    [InlineData("DELETE FROM langguard_audit WHERE number = 3", AuditFindingKind.Reordered)]
    [InlineData("DELETE FROM langguard_audit WHERE number = 0", AuditFindingKind.Edited)]
    [InlineData("DELETE FROM langguard_audit WHERE number > 5", AuditFindingKind.Truncated)]
    [InlineData("DELETE FROM langguard_audit", AuditFindingKind.Truncated)]
    [InlineData("DELETE FROM langguard_audit WHERE number > 5; DELETE FROM langguard_audit_checkpoint", AuditFindingKind.Truncated)]
    public async Task Changes_show(string change, AuditFindingKind finding)
    {
        await WriteAsync();
        Execute(change);
        var report = Check();
        report.IsIntact.Should().BeFalse();
        report.Findings.Select(found => found.Kind).Should().Contain(finding);
    }

    [Theory]
    [InlineData("SELECT count(*) FROM langguard_audit", true)]
    [InlineData("DELETE FROM langguard_audit", false)]
    [InlineData("DELETE FROM langguard_audit WHERE number = (SELECT max(number) FROM langguard_audit)", false)]
    [InlineData("UPDATE langguard_audit SET hash = (SELECT hash FROM langguard_audit WHERE number = 1) WHERE number > 1", false)]
    [InlineData("DROP TABLE langguard_audit", false)]
    public async Task A_change_beneath_the_writer_denies(string change, bool isHarmless)
    {
        using (var sink = Open())
        using (var session = AuditWorld.Session(sink))
        {
            AuditWorld.Act(session, 3);
            await sink.CheckpointAsync();
            Execute(change);
            foreach (var effects in new[] { Effects.Delete, Effects.Send, Effects.Delete })
            {
                var answer = session.TryAuthorize(Support.Operations.Call("f", effects));
                answer.IsAllowed.Should().Be(isHarmless);
                answer.Permit?.Complete(OperationOutcome.Success());
                if (!isHarmless)
                {
                    answer.Decision.Reason!.Rule.Should().Be("audit.unavailable");
                }
            }

            var read = session.TryAuthorize(Support.Operations.Call("f"));
            read.IsAllowed.Should().Be(isHarmless);
            read.Permit?.Complete(OperationOutcome.Success());
            if (!isHarmless)
            {
                read.Decision.Reason!.Message.Should().Contain("changed by somebody else");
            }
        }

        Check().IsIntact.Should().Be(isHarmless);
    }

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

            var again = 0;
            SpinWait.SpinUntil(() => TryAct(session, ref again), TimeSpan.FromMinutes(1)).Should().BeTrue("it goes on once the table answers");
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

            var again = 0;
            SpinWait.SpinUntil(() => TryAct(session, ref again), TimeSpan.FromMinutes(1)).Should().BeTrue();
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

            var again = 0;
            SpinWait.SpinUntil(() => TryAct(session, ref again), TimeSpan.FromMinutes(1)).Should().BeTrue();
        }

        Check().IsIntact.Should().BeTrue();
    }

    [Fact]
    public async Task What_keeps_checkpoints_elsewhere_may_hang_and_takes_one_thread()
    {
        using var gate = new ManualResetEventSlim();
        using var entered = new SemaphoreSlim(0);
        var parameters = _key.ExportParameters(includePrivateParameters: true);
        var last = 0L;
        using (var sink = new AuditTableSink(Place, Table, new AuditOptions(), new AuditFileSettings
        {
            Key = () => ECDsa.Create(parameters),
            OnCheckpoint = checkpoint =>
            {
                entered.Release();
                gate.Wait();
                Volatile.Write(ref last, checkpoint.Size);
            },
        }))
        {
            using var session = AuditWorld.Session(sink);
            for (var i = 0; i < 5; i++)
            {
                AuditWorld.Act(session, 2);
                await sink.CheckpointAsync();
            }

            (await entered.WaitAsync(TimeSpan.FromMinutes(1))).Should().BeTrue();
            entered.CurrentCount.Should().Be(0, "one at a time");
        }

        gate.Set();
        SpinWait.SpinUntil(() => Volatile.Read(ref last) == 21, TimeSpan.FromMinutes(1)).Should().BeTrue("the newest covers the others");
    }

    [Fact]
    public async Task A_table_that_was_made_anew_shows_by_what_was_kept_elsewhere()
    {
        await WriteAsync();
        var kept = _kept.ToList();
        Execute("DELETE FROM langguard_audit; DELETE FROM langguard_audit_checkpoint");
        await WriteAsync();
        _kept.Clear();
        kept.ForEach(_kept.Enqueue);
        Check().IsIntact.Should().BeFalse();
    }

    [Fact]
    public async Task A_changed_table_is_not_continued()
    {
        await WriteAsync();
        Execute("DELETE FROM langguard_audit WHERE number > 5");
        FluentActions.Invoking(() => Open()).Should().Throw<IOException>().WithMessage("*find out why*");
    }

    [Fact]
    public void A_second_writer_is_refused()
    {
        using var sink = Open();
        using var second = Table();
        second.Invoking(table => table.Open()).Should().Throw<IOException>().WithMessage("Another process*");
    }

    [Fact]
    public void A_second_sink_with_another_key_is_refused_and_one_with_the_same_key_joins()
    {
        using var sink = Open();
        using var same = Open();
        same.PublicKey.ToArray().Should().Equal(sink.PublicKey.ToArray());
        var other = () => new AuditTableSink(Place, Table, new AuditOptions(), new AuditFileSettings
        {
            Key = () => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        });
        other.Should().Throw<IOException>().WithMessage("*another signing key*");
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

    private static bool TryAct(GuardSession session, ref int done)
    {
        if (session.TryAuthorize(Support.Operations.Call("f")) is not { IsAllowed: true } answer)
        {
            return false;
        }

        answer.Permit.Complete(OperationOutcome.Success());
        done++;
        return true;
    }

    private protected abstract string Place { get; }

    /// <summary>Keeps everybody else from writing the table until it is disposed.</summary>
    private protected abstract IDisposable Hold();

    private protected abstract IAuditTable Table();

    private protected abstract void Execute(string sql);

    private protected abstract AuditReport Verify(AuditTrust trust);

    private protected virtual void Break() => Execute("ALTER TABLE langguard_audit RENAME TO elsewhere");

    private protected virtual void Mend() => Execute("ALTER TABLE elsewhere RENAME TO langguard_audit");

    private AuditTableSink Open(AuditMode mode = AuditMode.WriteAhead, long room = 12 * 1024 * 1024)
    {
        // A copy: the sink owns its key.
        var parameters = _key.ExportParameters(includePrivateParameters: true);
        return new AuditTableSink(Place, Table, new AuditOptions { Mode = mode }, new AuditFileSettings
        {
            Key = () => ECDsa.Create(parameters),
            OnCheckpoint = _kept.Enqueue,
            TableRoom = room,
        });
    }

    private async Task WriteAsync()
    {
        using var sink = Open();
        using var session = AuditWorld.Session(sink);
        AuditWorld.Act(session, 5);
        await sink.CheckpointAsync();

        // Kept by another thread.
        var id = IdOf();
        SpinWait.SpinUntil(() => _kept.Any(checkpoint => checkpoint.Log == id && checkpoint.Size >= 11), TimeSpan.FromMinutes(1)).Should().BeTrue();
    }

    private string IdOf()
    {
        var id = string.Empty;
        using var table = ReadTable();
        table.Read(0, 1, row =>
        {
            using var record = System.Text.Json.JsonDocument.Parse(row.Record);
            id = record.RootElement.GetProperty("log").GetString()!;
        });
        return id;
    }

    private AuditReport Check()
    {
        var trust = new AuditTrust();
        trust.Keys.Add(_key.ExportSubjectPublicKeyInfo());
        foreach (var checkpoint in _kept)
        {
            trust.Checkpoints.Add(checkpoint);
        }

        return Verify(trust);
    }

    private int Count(string phase) => (int)Sum(phase, null);

    private long Sum(string phase, string? field)
    {
        var found = 0L;
        using var table = ReadTable();
        table.Read(0, long.MaxValue, row =>
        {
            using var record = System.Text.Json.JsonDocument.Parse(row.Record);
            if (record.RootElement.GetProperty("phase").GetString() == phase)
            {
                found += field is null ? 1 : record.RootElement.GetProperty(field).GetInt64();
            }
        });
        return found;
    }

    private protected abstract IAuditTable ReadTable();
}
