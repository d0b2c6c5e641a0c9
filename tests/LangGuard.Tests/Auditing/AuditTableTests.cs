using System.Security.Cryptography;
using LangGuard.Auditing;

namespace LangGuard.Tests.Auditing;

/// <summary>The same for every database that keeps the audit, on the real engine.</summary>
public abstract class AuditTableTests
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly List<AuditCheckpoint> _kept = [];

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

    [Fact]
    public async Task A_table_that_was_made_anew_shows_by_what_was_kept_elsewhere()
    {
        await WriteAsync();
        var kept = _kept.ToList();
        Execute("DELETE FROM langguard_audit; DELETE FROM langguard_audit_checkpoint");
        await WriteAsync();
        _kept.Clear();
        _kept.AddRange(kept);
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

    private AuditTableSink Open(AuditMode mode = AuditMode.WriteAhead)
    {
        // A copy: the sink owns its key.
        var parameters = _key.ExportParameters(includePrivateParameters: true);
        return new AuditTableSink(Place, Table, new AuditOptions { Mode = mode }, new AuditFileSettings
        {
            Key = () => ECDsa.Create(parameters),
            OnCheckpoint = _kept.Add,
        });
    }

    private async Task WriteAsync()
    {
        using var sink = Open();
        using var session = AuditWorld.Session(sink);
        AuditWorld.Act(session, 5);
        await sink.CheckpointAsync();
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

    private int Count(string phase)
    {
        var found = 0;
        using var table = ReadTable();
        table.Read(0, long.MaxValue, row =>
            found += System.Text.Json.JsonDocument.Parse(row.Record).RootElement.GetProperty("phase").GetString() == phase ? 1 : 0);
        return found;
    }

    private protected abstract IAuditTable ReadTable();
}
