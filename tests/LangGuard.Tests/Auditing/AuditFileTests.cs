using LangGuard.Auditing;
using LangGuard.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LangGuard.Tests.Auditing;

public sealed class AuditFileTests : IDisposable
{
    private readonly AuditWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Records_who_what_and_how_it_ended()
    {
        string hash;
        string id;
        using (var file = _world.Open())
        using (var session = AuditWorld.Session(file))
        {
            AuditWorld.Act(session, effects: Effects.Read | Effects.Write);
            hash = session.Policy.Hash;
            id = session.Id;
        }

        var decision = _world.Records("decision").Should().ContainSingle().Which;
        decision.GetProperty("session").GetString().Should().Be(id);
        decision.GetProperty("agent").GetString().Should().Be("default");
        decision.GetProperty("principal").GetString().Should().Be("alice");
        decision.GetProperty("tenant").GetString().Should().Be("contoso");
        decision.GetProperty("surface").GetString().Should().Be("Functions");
        decision.GetProperty("effects").GetString().Should().Be("Read, Write");
        decision.GetProperty("resource").GetString().Should().Be("f");
        decision.GetProperty("decision").GetString().Should().Be("Allow");
        decision.GetProperty("policy").GetString().Should().Be(hash);
        var outcome = _world.Records("outcome").Should().ContainSingle().Which;
        outcome.GetProperty("operation").GetInt64().Should().Be(decision.GetProperty("operation").GetInt64());
        outcome.GetProperty("status").GetString().Should().Be("Succeeded");
    }

    [Fact]
    public void Records_every_vote_of_a_denial()
    {
        using (var file = _world.Open())
        using (var session = AuditWorld.Session(file))
        {
            session.TryAuthorize(Operations.Call("denied"));
        }

        var record = _world.Records("decision").Should().ContainSingle().Which;
        record.GetProperty("decision").GetString().Should().Be("Deny");
        record.GetProperty("rule").GetString().Should().Be("functions.not-granted");
        record.GetProperty("votes").EnumerateArray().Select(vote => vote.GetProperty("layer").GetString())
            .Should().Contain(["only-f", "misuse.freeze"]);
    }

    [Fact]
    public void Records_which_layer_failed()
    {
        using (var file = _world.Open())
        using (var session = AuditWorld.Session(file, policy => policy
            .AddLayer(new TestMisuseLayer("broken", (_, _) => throw new InvalidOperationException("details")))))
        {
            session.TryAuthorize(Operations.Call("f")).Decision.Reason!.Rule.Should().Be("policy.layer-fault");
        }

        var text = _world.Records("decision")[0].GetRawText();
        text.Should().Contain("\"layer\":\"broken\",\"vote\":\"Fault\"").And.NotContain("details");
    }

    [Fact]
    public void The_intent_is_in_the_file_before_the_effect()
    {
        using var file = _world.Open();
        using var session = AuditWorld.Session(file);
        using var permit = session.Authorize(Operations.Call("f"));
        _world.Records("decision").Should().ContainSingle();
        _world.Records("outcome").Should().BeEmpty();
    }

    [Fact]
    public async Task What_can_not_be_undone_is_on_the_disk_before_it_happens()
    {
        using var file = _world.Open();
        using var session = AuditWorld.Session(file);
        using var sync = session.Authorize(Operations.Call("f", Effects.Delete));
        using var async = await session.AuthorizeAsync(Operations.Call("f", Effects.Send));
        _world.Records("decision").Should().HaveCount(2);
    }

    [Fact]
    public async Task Many_callers_share_one_flush()
    {
        using (var file = _world.Open(AuditMode.Durable))
        using (var session = AuditWorld.Session(file))
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, 500), async (_, cancel) =>
            {
                using var permit = await session.AuthorizeAsync(Operations.Call("f"), cancel);
                permit.Complete(OperationOutcome.Success());
            });
        }

        _world.Records("decision").Should().HaveCount(500);
        _world.Records("outcome").Should().HaveCount(500);
        AuditVerifier.Verify(_world.Folder).Should().Match<AuditReport>(report => report.IsIntact && report.UnknownOutcomes.Count == 0);
    }

    [Theory]
    [InlineData(nameof(AuditMode.WriteAhead))]
    [InlineData(nameof(AuditMode.UnguardedBestEffort))]
    public async Task Many_outcomes_at_once_are_all_recorded_behind_their_intents(string mode)
    {
        const int Callers = 4;
        const int Each = 6_000;
        using (var file = _world.Open(Enum.Parse<AuditMode>(mode)))
        using (var session = AuditWorld.Session(file))
        {
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() => AuditWorld.Act(session, Each))));
        }

        var report = AuditVerifier.Verify(_world.Folder);
        report.IsIntact.Should().BeTrue();
        report.UnknownOutcomes.Should().BeEmpty();
        var open = new HashSet<long>();
        foreach (var record in _world.Records().Where(record => record.TryGetProperty("operation", out _)))
        {
            var number = record.GetProperty("operation").GetInt64();
            (record.GetProperty("phase").GetString() == "decision" ? open.Add(number) : open.Remove(number)).Should().BeTrue();
        }

        _world.Records("outcome").Should().HaveCount(Callers * Each);
    }

    [Fact]
    public void A_record_without_text_takes_no_other_with_it()
    {
        using (var file = _world.Open(AuditMode.UnguardedBestEffort))
        using (var session = AuditWorld.Session(file))
        {
            file.Write(new AuditRecord(
                AuditPhase.Outcome, DateTimeOffset.UnixEpoch, 1, session, Operations.Call("f"), default,
                new OperationOutcome((OutcomeStatus)99)));
            AuditWorld.Act(session, times: 3);
        }

        _world.Records("outcome").Should().HaveCount(3);
        _world.Records("gap").Should().ContainSingle().Which.GetProperty("lostOutcomes").GetInt64().Should().Be(1);
    }

    [Fact]
    public void Names_can_forge_no_line_colour_direction_or_field()
    {
        const string Hostile = "a\r\n{\"phase\":\"outcome\"}\u001b[31m\u202e\u2028\u0000\",\"decision\":\"Allow\ud800";
        using (var file = _world.Open())
        using (var session = Operations.SessionOf(policy =>
        {
            policy.AddLayer(new TestLayer("all", Votes.Allow));
            policy.DefendInDepth(defense => defense.Audit(file));
        }))
        {
            AuditWorld.Act(session, function: "f" + Hostile);
        }

        var record = _world.Records("decision").Should().ContainSingle().Which;
        record.GetProperty("resource").GetString().Should().Be("f" + Hostile[..^1] + "\ufffd");
        record.GetRawText().Should().MatchRegex("^[\\x20-\\x7e]*$");
        record.EnumerateObject().Select(field => field.Name).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void A_used_approval_is_named_and_durable()
    {
        string approval;
        using (var file = _world.Open())
        using (var session = AuditWorld.Session(file, policy => policy
            .AddLayer(new TestMisuseLayer("ask", (_, _) => Objection.Ask(Votes.Because)))))
        {
            approval = session.TryAuthorize(Operations.Call("f")).ApprovalRequestId!;
            session.Approvals.Approve(approval);
            session.Authorize(Operations.Call("f")).Dispose();
        }

        _world.Records("decision").Select(record => (record.GetProperty("decision").GetString(), record.GetProperty("approval").GetString()))
            .Should().Equal(("Ask", approval), ("Allow", approval));
    }

    [Fact]
    public void A_crash_leaves_an_unknown_outcome_not_a_lie()
    {
        var file = _world.Open();
        var session = AuditWorld.Session(file);
        var permit = session.Authorize(Operations.Call("f"));
        file.Dispose();
        permit.Dispose();

        AuditVerifier.Verify(_world.Folder).UnknownOutcomes.Should().ContainSingle()
            .Which.Should().BeEquivalentTo(new { Session = session.Id, Operation = 1L, Resource = "f" });
        _world.Open().Dispose();
        _world.Records("recovered")[0].GetProperty("unknownOutcomes").GetInt32().Should().Be(1);
        _world.Records("outcome")[0].GetProperty("status").GetString().Should().Be("Unknown");
        AuditVerifier.Verify(_world.Folder).UnknownOutcomes.Should().BeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(47)]
    [InlineData(48)]
    [InlineData(100)]
    public void A_torn_end_is_cut_and_said(int bytes)
    {
        using (var file = _world.Open())
        using (var session = AuditWorld.Session(file))
        {
            AuditWorld.Act(session, 5);
        }

        // A record that was being written when the power went: the last one again, cut.
        var whole = _world.Bytes();
        using (var stream = new FileStream(_world.LastSegment, FileMode.Append))
        {
            stream.Write(whole.AsSpan(0, bytes));
        }

        AuditVerifier.Verify(_world.Folder).Findings.Should().ContainSingle().Which.Kind.Should().Be(AuditFindingKind.TornEnd);
        using (var file = _world.Open())
        using (var session = AuditWorld.Session(file))
        {
            AuditWorld.Act(session, 2);
        }

        _world.Records("recovered")[0].GetProperty("tornBytes").GetInt64().Should().Be(bytes);
        var report = AuditVerifier.Verify(_world.Folder);
        report.Findings.Should().BeEmpty();
        report.ProvenRecords.Should().Be(report.Records);
    }

    [Fact]
    public void A_file_goes_on_over_many_openings_and_segments()
    {
        for (var i = 0; i < 5; i++)
        {
            using var file = _world.Open();
            using var session = AuditWorld.Session(file);
            AuditWorld.Act(session, 100, "f" + new string('x', 400));
        }

        var report = AuditVerifier.Verify(_world.Folder);
        report.Findings.Should().BeEmpty();
        report.Records.Should().Be(1 + (5 * 200));
        report.ProvenRecords.Should().Be(report.Records);
    }

    [Fact]
    public void A_full_segment_is_followed_by_the_next()
    {
        using (var file = _world.Open())
        using (var session = AuditWorld.Session(file))
        {
            AuditWorld.Act(session, 25_000, "f" + new string('x', 400));
        }

        AuditFolder.SegmentsOf(_world.Folder).Length.Should().BeGreaterThan(1);
        AuditVerifier.Verify(_world.Folder).Findings.Should().BeEmpty();
        using (var file = _world.Open())
        using (var session = AuditWorld.Session(file))
        {
            AuditWorld.Act(session, 10);
        }

        AuditVerifier.Verify(_world.Folder).Findings.Should().BeEmpty();
    }

    [Fact]
    public void Two_policies_of_one_process_share_one_chain()
    {
        using (var one = _world.Open())
        using (var two = _world.Open())
        using (var first = AuditWorld.Session(one))
        using (var second = AuditWorld.Session(two))
        {
            one.Id.Should().Be(two.Id);
            AuditWorld.Act(first, 3);
            AuditWorld.Act(second, 3);
            first.Dispose();
            one.Dispose();
            AuditWorld.Act(second, 3);
        }

        _world.Records("decision").Should().HaveCount(9);
        AuditVerifier.Verify(_world.Folder).IsIntact.Should().BeTrue();
    }

    [Fact]
    public void A_closed_file_denies()
    {
        var file = _world.Open();
        using var session = AuditWorld.Session(file);
        file.Dispose();
        session.TryAuthorize(Operations.Call("f")).Decision.Reason!.Rule.Should().Be("audit.unavailable");
    }

    [Fact]
    public void Repeated_denials_are_counted_not_repeated()
    {
        using (var file = _world.Open())
        using (var session = AuditWorld.Session(file))
        {
            for (var i = 0; i < 10_000; i++)
            {
                session.TryAuthorize(Operations.Call("denied"));
            }
        }

        var records = _world.Records("decision");

        // After some denials the reason changes: the model is told to stop.
        records.Should().HaveCount(4);
        records.Where(record => record.TryGetProperty("repeated", out _))
            .Sum(record => record.GetProperty("repeated").GetInt64()).Should().Be(9_998);
        records.Max(record => record.GetProperty("operation").GetInt64()).Should().Be(10_000);
    }

    [Fact]
    public void Checkpoints_are_handed_out()
    {
        var kept = new System.Collections.Concurrent.BlockingCollection<AuditCheckpoint>();
        using (var file = _world.Open(keep: kept.Add))
        using (var session = AuditWorld.Session(file))
        {
            AuditWorld.Act(session, 5);
        }

        kept.TryTake(out var checkpoint, TimeSpan.FromSeconds(30)).Should().BeTrue();
        AuditCheckpoint.Parse(checkpoint!.ToString()).Should().BeEquivalentTo(new { checkpoint.Root, checkpoint.Size, checkpoint.Log });
    }

    [Fact]
    public void A_clock_that_goes_back_is_seen_and_breaks_nothing()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50)) { };
        using (var file = _world.Open(time: clock))
        using (var session = AuditWorld.Session(file, policy => policy.UseTimeProvider(clock)))
        {
            AuditWorld.Act(session);
        }

        var earlier = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(40));
        using (var file = _world.Open(time: earlier))
        using (var session = AuditWorld.Session(file, policy => policy.UseTimeProvider(earlier)))
        {
            AuditWorld.Act(session);
        }

        var report = AuditVerifier.Verify(_world.Folder);
        report.IsIntact.Should().BeTrue();
        report.Findings.Should().ContainSingle().Which.Kind.Should().Be(AuditFindingKind.ClockWentBack);
    }

    [Fact]
    public void Recording_allocates_nothing_of_its_own()
    {
        using var file = _world.Open();
        using var session = AuditWorld.Session(file);
        var operation = Operations.Call("f");
        var record = new AuditRecord(
            AuditPhase.Decision, DateTimeOffset.UnixEpoch, 1, session, operation, Decision.Allow(Votes.FunctionGrant), default)
        {
            Policy = session.Policy,
        };
        var outcome = record with { Phase = AuditPhase.Outcome };
        Write(file, record, outcome, 5_000);

        // The smallest of some rounds: a buffer that grows once is not a cost of each record.
        Enumerable.Range(0, 5).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Write(file, record, outcome, 1_000);
            return (GC.GetAllocatedBytesForCurrentThread() - before) / 1_000;
        }).Should().BeLessThan(64);
    }

    private static void Write(AuditFile file, AuditRecord record, AuditRecord outcome, int times)
    {
        for (var i = 0; i < times; i++)
        {
            file.Write(record);
            file.Write(outcome);
        }
    }
}
