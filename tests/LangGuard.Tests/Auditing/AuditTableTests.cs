using System.Security.Cryptography;
using LangGuard.Auditing;

namespace LangGuard.Tests.Auditing;

/// <summary>The same for every database that keeps the audit, on the real engine.</summary>
public abstract partial class AuditTableTests
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly System.Collections.Concurrent.ConcurrentQueue<AuditCheckpoint> _kept = [];

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

    private protected abstract string Place { get; }

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
