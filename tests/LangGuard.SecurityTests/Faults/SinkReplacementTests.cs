using LangGuard.Auditing;

namespace LangGuard.SecurityTests.Faults;

/// <summary>Sinks that come, go and fail while a session runs: no effect without a record wherever one has to stand.</summary>
public sealed class SinkReplacementTests : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("langguard-sinks-");

    public void Dispose() => _temp.Delete(recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_running_session_records_where_both_policies_say(bool hasOld)
    {
        var (before, after) = (new Recorder(), new Recorder());
        var source = new PolicySource(PolicyOf(hasOld ? before : null));
        using var session = GuardSession.Create(source, FaultWorld.Alice);
        (await FaultWorld.ActAsync(session)).Should().Be(2);
        after.Intents.Should().Be(0);

        source.Replace(PolicyOf(after));

        (await FaultWorld.ActAsync(session)).Should().Be(2);
        before.Intents.Should().Be(hasOld ? 4 : 0);
        before.Outcomes.Should().Be(hasOld ? 4 : 0);
        after.Intents.Should().Be(2);
        after.Outcomes.Should().Be(2);
        using var fresh = GuardSession.Create(source, FaultWorld.Alice);
        (await FaultWorld.ActAsync(fresh)).Should().Be(2);
        before.Intents.Should().Be(hasOld ? 4 : 0, "the old one is no longer asked for");
    }

    [Theory]
    [InlineData("the new one throws")]
    [InlineData("the new one is disposed")]
    [InlineData("the old one throws")]
    [InlineData("the old one is disposed")]
    [InlineData("the new one cancels")]
    public async Task A_sink_that_fails_after_a_reload_denies_the_running_session(string how)
    {
        var (before, after) = (new Recorder(), new Recorder());
        var source = new PolicySource(PolicyOf(before));
        using var session = GuardSession.Create(source, FaultWorld.Alice);
        source.Replace(PolicyOf(after));
        (await FaultWorld.ActAsync(session)).Should().Be(2);
        var failing = how.Contains("new", StringComparison.Ordinal) ? after : before;
        failing.Failure = how.Contains("disposed", StringComparison.Ordinal) ? () => new ObjectDisposedException("hunter2")
            : how.Contains("cancels", StringComparison.Ordinal) ? () => new OperationCanceledException("hunter2")
            : () => new IOException("hunter2");

        (await FaultWorld.ActAsync(session)).Should().Be(0);
        var reason = session.TryAuthorize(FaultWorld.Call()).Decision.Reason!;
        reason.Rule.Should().Be("audit.unavailable");
        reason.Message.Should().NotContain("hunter2");
        (failing == before ? after : before).Denials.Should().BePositive("the one that works says so");
        failing.Failure = null;
        (await FaultWorld.ActAsync(session)).Should().Be(2, "it goes on");
    }

    [Fact]
    public async Task A_sink_that_fails_from_any_call_on_leaves_no_effect_without_an_intent()
    {
        for (var from = 0; from < 12; from++)
        {
            var calls = 0;
            var intents = new HashSet<long>();
            var sink = new FaultWorld.Sink(record =>
            {
                if (calls++ >= from)
                {
                    throw new IOException("disk full");
                }

                if (record is { Phase: AuditPhase.Decision, Decision.Kind: DecisionKind.Allow })
                {
                    intents.Add(record.Sequence);
                }
            });
            using var session = GuardSession.Create(PolicyOf(sink), FaultWorld.Alice);
            var effects = 0;
            for (var i = 0; i < 4; i++)
            {
                effects += await FaultWorld.ActAsync(session);
            }

            effects.Should().Be((from + 1) / 2, "each effect takes an intent and an outcome");
            intents.Should().HaveCount(effects);
        }
    }

    [Fact]
    public async Task What_another_sink_could_not_record_is_known_not_to_have_happened()
    {
        var folder = Path.Combine(_temp.FullName, "audit");
        var failing = new Recorder { Failure = () => new IOException() };
        using (var file = Open(folder, isDurable: false))
        using (var session = FaultWorld.Session(policy => policy.DefendInDepth(defense => defense.Audit(file).Audit(failing))))
        {
            session.TryAuthorize(FaultWorld.Call()).IsAllowed.Should().BeFalse();
            failing.Failure = null;
            (await FaultWorld.ActAsync(session)).Should().Be(2);
        }

        var report = AuditVerifier.Verify(folder);
        report.IsIntact.Should().BeTrue();
        report.UnknownOutcomes.Should().BeEmpty("the denial stands behind the intent");
    }

    [Fact]
    public async Task A_helper_records_where_its_own_policy_says_too()
    {
        var (parent, helper) = (new Recorder(), new Recorder());
        using var session = GuardSession.Create(PolicyOf(parent), FaultWorld.Alice);
        using var child = session.CreateChild(PolicyOf(helper));
        (await FaultWorld.ActAsync(child)).Should().Be(2);
        (parent.Intents, helper.Intents).Should().Be((2, 2));
        (await FaultWorld.ActAsync(session)).Should().Be(2);
        (parent.Intents, helper.Intents).Should().Be((4, 2), "what the parent does itself is not the helper's");
        helper.Failure = () => new IOException();
        (await FaultWorld.ActAsync(child)).Should().Be(0);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_place_that_both_policies_name_holds_each_record_once(bool isDurableBefore, bool isDurableAfter)
    {
        var folder = Path.Combine(_temp.FullName, "audit");
        using (var before = Open(folder, isDurableBefore))
        using (var after = Open(folder, isDurableAfter))
        {
            var source = new PolicySource(PolicyOf(before));
            using var session = GuardSession.Create(source, FaultWorld.Alice);
            source.Replace(PolicyOf(after));
            (await FaultWorld.ActAsync(session)).Should().Be(2);
            session.Policy.AuditSinks.Should().ContainSingle().Which.Should().BeSameAs(isDurableAfter ? after : before, "the stricter one writes");
        }

        var records = new List<string>();
        new AuditReader().Read(AuditFolder.SegmentsOf(folder), (_, _, payload) => records.Add(System.Text.Encoding.UTF8.GetString(payload)));
        records.Count(record => record.Contains("\"phase\":\"decision\"", StringComparison.Ordinal)).Should().Be(2);
        records.Count(record => record.Contains("\"phase\":\"outcome\"", StringComparison.Ordinal)).Should().Be(2);
    }

    [Fact]
    public async Task A_file_that_the_host_closes_under_a_running_session_denies()
    {
        var file = Open(Path.Combine(_temp.FullName, "audit"), isDurable: false);
        using var session = GuardSession.Create(PolicyOf(file), FaultWorld.Alice);
        (await FaultWorld.ActAsync(session)).Should().Be(2);
        file.Dispose();
        (await FaultWorld.ActAsync(session)).Should().Be(0);
        session.TryAuthorize(FaultWorld.Call(Effects.Read)).Decision.Reason!.Rule.Should().Be("audit.unavailable");
    }

    private static AuditFile Open(string folder, bool isDurable) =>
        new(new AuditOptions { Folder = folder, Mode = isDurable ? AuditMode.Durable : AuditMode.WriteAhead });

    private static Policy PolicyOf(IAuditSink? sink)
    {
        using var session = FaultWorld.Session(policy =>
        {
            if (sink is not null)
            {
                policy.DefendInDepth(defense => defense.Audit(sink));
            }
        });
        return session.Policy;
    }

    private sealed class Recorder : IAuditSink
    {
        private readonly Lock _lock = new();

        internal Func<Exception>? Failure { get; set; }

        internal int Intents { get; private set; }

        internal int Denials { get; private set; }

        internal int Outcomes { get; private set; }

        public void Write(in AuditRecord record)
        {
            if (Failure is { } failure)
            {
                throw failure();
            }

            lock (_lock)
            {
                Outcomes += record.Phase == AuditPhase.Outcome ? 1 : 0;
                Intents += record is { Phase: AuditPhase.Decision, Decision.Kind: DecisionKind.Allow } ? 1 : 0;
                Denials += record is { Phase: AuditPhase.Decision, Decision.Kind: DecisionKind.Deny } ? 1 : 0;
            }
        }
    }
}
