using LangGuard.Auditing;
using LangGuard.SecurityTests.Faults;
using Microsoft.Extensions.Time.Testing;

namespace LangGuard.SecurityTests.Auditing;

/// <summary>Somebody with rights on the audit folder changes it while a process records in it.</summary>
public sealed class BeneathTheWriterTests : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("langguard-beneath-");

    private string Folder => Path.Combine(_temp.FullName, "audit");

    public void Dispose() => _temp.Delete(recursive: true);

    [Theory]
    [InlineData("nothing", null)]
    [InlineData("another file beside", null)]
    [InlineData("cut", "was cut")]
    [InlineData("cut the last byte", "was cut")]
    [InlineData("cut to nothing", "was cut")]
    [InlineData("rename", "deleted, renamed or replaced")]
    [InlineData("an older copy", "deleted, renamed or replaced")]
    [InlineData("the same content", "deleted, renamed or replaced")]
    [InlineData("a link to the same", "deleted, renamed or replaced")]
    [InlineData("a folder", "deleted, renamed or replaced")]
    [InlineData("a pipe", "deleted, renamed or replaced")]
    [InlineData("delete", "deleted, renamed or replaced")]
    [InlineData("rename the folder", "deleted, renamed or replaced")]
    [InlineData("delete the lock", "lock of the audit folder")]
    [InlineData("delete the checkpoints", "checkpoints of the audit")]
    [InlineData("the checkpoints are a pipe", "checkpoints of the audit")]
    public async Task What_can_not_be_undone_is_denied_at_once(string change, string? why)
    {
        using (var file = new AuditFile(new AuditOptions { Folder = Folder }))
        using (var session = Session(file))
        {
            (await FaultWorld.ActAsync(session)).Should().Be(2);
            await file.CheckpointAsync();
            var older = AuditFolder.Read(AuditFolder.SegmentsOf(Folder).Single());
            (await FaultWorld.ActAsync(session)).Should().Be(2);
            Change(change, older);

            (await FaultWorld.ActAsync(session)).Should().Be(why is null ? 2 : 0);
            foreach (var effects in new[] { Effects.Read, Effects.Delete })
            {
                var answer = session.TryAuthorize(FaultWorld.Call(effects));
                answer.IsAllowed.Should().Be(why is null);
                answer.Permit?.Complete(OperationOutcome.Success());
                if (why is not null)
                {
                    answer.Decision.Reason!.Rule.Should().Be("audit.unavailable");
                    answer.Decision.Reason.Message.Should().Contain(why).And.NotContain(_temp.FullName);
                }
            }
        }

        if (why is null)
        {
            AuditVerifier.Verify(Folder).IsIntact.Should().BeTrue();
            new AuditFile(new AuditOptions { Folder = Folder }).Dispose();
        }
        else if (change is not ("rename the folder" or "delete the lock" or "delete the checkpoints"))
        {
            Verifies().Should().BeFalse("the verifier sees it");
            FluentActions.Invoking(() => new AuditFile(new AuditOptions { Folder = Folder })).Should().Throw<IOException>("a changed file is not written on");
        }
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("rename")]
    [InlineData("delete")]
    public async Task What_is_only_written_ahead_is_denied_soon(string change)
    {
        var kept = new System.Collections.Concurrent.ConcurrentQueue<AuditCheckpoint>();
        using (var file = new AuditFile(new AuditOptions { Folder = Folder }, onCheckpoint: kept.Enqueue))
        using (var session = Session(file))
        {
            Act(session).Should().BeTrue();
            Change(change, []);

            // Whatever it writes meanwhile fills the hole, so that the length alone says nothing.
            SpinWait.SpinUntil(() => !Act(session), TimeSpan.FromMinutes(1)).Should().BeTrue();
            await FluentActions.Awaiting(file.CheckpointAsync).Should().ThrowAsync<IOException>();
        }

        SpinWait.SpinUntil(() => kept.Any(checkpoint => checkpoint.Size > 2), TimeSpan.FromMinutes(1)).Should().BeTrue("it was signed that there was more");
        if (change == "cut")
        {
            AuditVerifier.Verify(Folder).IsIntact.Should().BeFalse();
        }

        FluentActions.Invoking(() => new AuditFile(new AuditOptions { Folder = Folder })).Should().Throw<IOException>();
    }

    [Fact]
    public async Task A_host_that_runs_unrecorded_goes_on()
    {
        using var file = new AuditFile(new AuditOptions { Folder = Folder, Mode = AuditMode.UnguardedBestEffort });
        using var session = Session(file);
        Act(session).Should().BeTrue();
        Change("delete", []);
        await FluentActions.Awaiting(file.CheckpointAsync).Should().ThrowAsync<IOException>();
        Act(session).Should().BeTrue();
        session.TryAuthorize(FaultWorld.Call(Effects.Delete)).Decision.Reason!.Rule.Should().Be("audit.unavailable", "what can not be undone is never unrecorded");
    }

    [Fact]
    public async Task A_file_that_is_changed_before_the_first_checkpoint_is_not_begun_anew()
    {
        using (var file = new AuditFile(new AuditOptions { Folder = Folder }))
        using (var session = Session(file))
        {
            Change("cut to nothing", []);
            (await FaultWorld.ActAsync(session)).Should().Be(0);
        }

        FluentActions.Invoking(() => new AuditFile(new AuditOptions { Folder = Folder })).Should().Throw<IOException>();
    }

    [Fact]
    public void Records_that_can_not_be_signed_for_long_deny_until_they_can()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var key = new FlakyKey();
        using (var file = new AuditFile(new AuditOptions { Folder = Folder }, () => key, timeProvider: clock))
        using (var session = Session(file))
        {
            Act(session).Should().BeTrue();
            key.Fails = true;
            Until(() => Tick(session, clock) is { IsAllowed: false, Decision.Reason.Rule: "audit.unavailable" } answer
                && answer.Decision.Reason.Message.Contains("signed", StringComparison.Ordinal));
            key.Fails = false;
            Until(() => Tick(session, clock).IsAllowed);
        }

        var trust = new AuditTrust();
        trust.Keys.Add(key.Public);
        AuditVerifier.Verify(Folder, trust).IsIntact.Should().BeTrue();
    }

    private static Authorization Tick(GuardSession session, FakeTimeProvider clock)
    {
        clock.Advance(TimeSpan.FromMilliseconds(300));
        var answer = session.TryAuthorize(FaultWorld.Call(Effects.Read));
        answer.Permit?.Complete(OperationOutcome.Success());
        return answer;
    }

    private static void Until(Func<bool> isSo) => SpinWait.SpinUntil(isSo, TimeSpan.FromMinutes(1)).Should().BeTrue();

    private static bool Act(GuardSession session)
    {
        if (session.TryAuthorize(FaultWorld.Call(Effects.Read)) is { IsAllowed: true } answer)
        {
            answer.Permit.Complete(OperationOutcome.Success());
            return true;
        }

        return false;
    }

    private bool Verifies()
    {
        try
        {
            return AuditVerifier.Verify(Folder).IsIntact;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static GuardSession Session(AuditFile file) => FaultWorld.Session(policy => policy.DefendInDepth(defense => defense.Audit(file)));

    private void Change(string change, byte[] older)
    {
        var segment = AuditFolder.SegmentsOf(Folder).Single();
        var aside = Path.Combine(_temp.FullName, "aside");
        switch (change)
        {
            case "another file beside":
                File.WriteAllText(Path.Combine(Folder, "notes.txt"), "x");
                break;
            case "cut":
            case "cut to nothing":
            case "cut the last byte":
                using (var handle = new FileStream(segment, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                {
                    handle.SetLength(change switch { "cut" => 200, "cut to nothing" => 0, _ => Written(segment) - 1 });
                }

                break;
            case "rename":
                File.Move(segment, segment + ".old");
                break;
            case "an older copy":
                File.WriteAllBytes(aside, older);
                File.Move(aside, segment, overwrite: true);
                break;
            case "the same content":
                File.WriteAllBytes(aside, AuditFolder.Read(segment));
                File.Move(aside, segment, overwrite: true);
                break;
            case "a link to the same":
                File.Move(segment, aside);
                File.CreateSymbolicLink(segment, aside);
                break;
            case "a folder":
                File.Delete(segment);
                Directory.CreateDirectory(segment);
                break;
            case "a pipe":
                MakePipe(segment);
                break;
            case "the checkpoints are a pipe":
                MakePipe(Path.Combine(Folder, "checkpoints"));
                break;
            case "delete the checkpoints":
                File.Delete(Path.Combine(Folder, "checkpoints"));
                break;
            case "delete":
                File.Delete(segment);
                break;
            case "rename the folder":
                Directory.Move(Folder, aside);
                break;
            case "delete the lock":
                File.Delete(Path.Combine(Folder, "lock"));
                break;
        }
    }

    private static void MakePipe(string path)
    {
        File.Delete(path);
        using var make = System.Diagnostics.Process.Start("mkfifo", [path]);
        make.WaitForExit();
        make.ExitCode.Should().Be(0);
    }

    /// <summary>Where the records end; the space behind them is reserved.</summary>
    private static long Written(string segment) => AuditFolder.Read(segment).AsSpan().LastIndexOfAnyExcept((byte)0) + 1;

    /// <summary>A key that is kept elsewhere and does not always answer.</summary>
    private sealed class FlakyKey : System.Security.Cryptography.ECDsa
    {
        private readonly System.Security.Cryptography.ECDsa _inner = Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);

        internal volatile bool Fails;

        internal byte[] Public { get; private set; } = [];

        public override int KeySize => _inner.KeySize;

        public override byte[] SignHash(byte[] hash) => Fails ? throw new InvalidOperationException("away") : _inner.SignHash(hash);

        public override bool VerifyHash(byte[] hash, byte[] signature) => _inner.VerifyHash(hash, signature);

        public override System.Security.Cryptography.ECParameters ExportParameters(bool includePrivateParameters) =>
            _inner.ExportParameters(includePrivateParameters);

        public override byte[] ExportSubjectPublicKeyInfo() => Public = _inner.ExportSubjectPublicKeyInfo();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
