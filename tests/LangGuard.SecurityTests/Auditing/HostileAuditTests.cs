using System.Diagnostics;
using System.Text;
using LangGuard.Auditing;
using LangGuard.SecurityTests.Faults;

namespace LangGuard.SecurityTests.Auditing;

public sealed class HostileAuditTests : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("langguard-hostile-");

    private string Folder => Path.Combine(_temp.FullName, "audit");

    public void Dispose() => _temp.Delete(recursive: true);

    [Theory]
    [InlineData("a\r\n{\"phase\":\"decision\",\"decision\":\"Allow\"}")]
    [InlineData("a\",\"decision\":\"Allow\",\"x\":\"")]
    [InlineData("a\u001b[2J\u001b]0;title\u0007")]
    [InlineData("a\u202e\u2066\u2028\u0085")]
    [InlineData("a\0b")]
    [InlineData("\ud800 lone")]
    public void A_name_can_not_forge_a_record(string name)
    {
        using (var file = new AuditFile(new AuditOptions { Folder = Folder }))
        using (var session = Denying(file))
        {
            session.TryAuthorize(Named(name)).IsAllowed.Should().BeFalse();
        }

        var raw = string.Concat(Records());
        raw.Should().NotContain("\"decision\":\"Allow\"").And.NotContain("\u001b").And.NotContain("\u202e").And.NotContain("\u2028");
        AuditVerifier.Verify(Folder).Should().Match<AuditReport>(report => report.IsIntact && report.UnknownOutcomes.Count == 0);
    }

    [Fact]
    public void A_flood_of_long_names_takes_little_space_and_leaves_others_their_record()
    {
        using (var file = new AuditFile(new AuditOptions { Folder = Folder }))
        using (var flood = Denying(file))
        using (var other = GuardSession.Create(DenyingPolicy(file), new Principal("bob", "fabrikam")))
        {
            for (var i = 0; i < 20_000; i++)
            {
                flood.TryAuthorize(Named(i + new string('n', 8_192)));
            }

            other.TryAuthorize(new FunctionOperation(other.Principal, Effects.Read, "mine", FaultWorld.Call().Arguments));
        }

        var records = Records();
        records.Sum(record => record.Length).Should().BeLessThan(1_000_000);
        records.Should().ContainSingle(record => record.Contains("\"fabrikam\"", StringComparison.Ordinal));
        records.Where(record => record.Contains("\"sha256\"", StringComparison.Ordinal)).Should().NotBeEmpty();
        records.Select(record => System.Text.Json.JsonDocument.Parse(record).RootElement)
            .Where(record => record.TryGetProperty("decision", out _))
            .Sum(record => record.TryGetProperty("repeated", out var repeated) ? repeated.GetInt64() : 1)
            .Should().Be(20_001, "every denial is either recorded or counted");
    }

    [Fact]
    public void A_full_disk_denies_and_what_was_recorded_stays_sound()
    {
        var mount = Path.Combine(_temp.FullName, "small");
        Directory.CreateDirectory(mount);
        var isMounted = Run("mount", "-t", "tmpfs", "-o", "size=17M,mode=0755", "tmpfs", mount);
        var folder = Path.Combine(mount, "audit");
        try
        {
            using (var file = new AuditFile(new AuditOptions { Folder = folder }))
            using (var session = FaultWorld.Session(policy => policy.DefendInDepth(defense => defense.Audit(file))))
            {
                if (!isMounted)
                {
                    // Without the right to mount: the next segment can not be made.
                    Run("chmod", "0500", folder);
                }

                var allowed = 0;
                while (allowed < 200_000 && session.TryAuthorize(FaultWorld.Call(Effects.Read)) is { IsAllowed: true } answer)
                {
                    answer.Permit.Complete(OperationOutcome.Success());
                    allowed++;
                }

                allowed.Should().BeInRange(1, 199_999);
                session.TryAuthorize(FaultWorld.Call(Effects.Read)).Decision.Reason!.Rule.Should().Be("audit.unavailable");
                session.TryAuthorize(FaultWorld.Call(Effects.Delete)).Decision.Reason!.Rule.Should().Be("audit.unavailable");
            }

            AuditVerifier.Verify(folder).IsIntact.Should().BeTrue();
        }
        finally
        {
            Run("chmod", "0700", folder);
            if (isMounted)
            {
                Run("umount", mount);
            }
        }
    }

    [Fact]
    public void A_statement_larger_than_every_buffer_is_recorded_by_its_hash()
    {
        var statement = "SELECT '" + new string('x', 4_000_000) + "'";
        using (var file = new AuditFile(new AuditOptions { Folder = Folder }))
        using (var session = Denying(file))
        {
            session.TryAuthorize(new DatabaseOperation(FaultWorld.Alice, Effects.Read, "shop", statement));
        }

        var record = Records().Single(record => record.Contains("\"statement\"", StringComparison.Ordinal));
        record.Length.Should().BeLessThan(8_192);
        record.Should().Contain("\"sha256\"").And.Contain("\"length\":" + statement.Length);
    }

    [Theory]
    [InlineData(490)]
    [InlineData(505)]
    [InlineData(511)]
    [InlineData(512)]
    public void Where_a_long_name_is_cut_no_part_of_a_secret_is_left(int before)
    {
        var token = "gh" + "p_" + new string('A', 36);
        using (var file = new AuditFile(new AuditOptions { Folder = Folder }))
        using (var session = Denying(file))
        {
            session.TryAuthorize(Named(new string(' ', before) + token + new string(' ', 2_000)));
            session.TryAuthorize(new DatabaseOperation(FaultWorld.Alice, Effects.Read, "shop", new string(' ', before) + token + new string(' ', 2_000_000)));
        }

        string.Concat(Records()).Should().NotContain("p_A").And.NotContain("AAAA").And.Contain("\"length\"");
    }

    [Theory]
    [InlineData("a high half", "\ud83d")]
    [InlineData("a low half", "\ude00")]
    [InlineData("a nul", "\0")]
    [InlineData("a line", "\n{\"phase\":\"outcome\"}\n")]
    [InlineData("a quote", "\",\"decision\":\"Allow\",\"x\":\"")]
    public void Megabytes_of_what_is_no_text_take_one_small_record(string what, string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 1_000_000));
        using (var file = new AuditFile(new AuditOptions { Folder = Folder }))
        using (var session = GuardSession.Create(DenyingPolicy(file), new Principal(part + "alice", part), new GuardSessionOptions { ConversationId = text[..100_000] }))
        {
            session.TryAuthorize(new FunctionOperation(session.Principal, Effects.Read, text, FaultWorld.Call().Arguments)).IsAllowed.Should().BeFalse(what);
            session.TryAuthorize(new FunctionOperation(
                session.Principal, Effects.Read, "f", System.Text.Json.JsonSerializer.SerializeToElement(new Dictionary<string, string> { [part] = text })));
        }

        var records = Records().Where(record => record.Contains("\"session\"", StringComparison.Ordinal)).ToList();
        records.Should().HaveCount(2).And.OnlyContain(record => record.Length < 40_000);
        records.Should().NotContain(record => record.Contains("\"Allow\"", StringComparison.Ordinal));
        foreach (var record in records)
        {
            record.Should().MatchRegex("^[\\x20-\\x7e]*$");
            System.Text.Json.JsonDocument.Parse(record).RootElement.EnumerateObject().Select(field => field.Name).Should().OnlyHaveUniqueItems();
        }

        AuditVerifier.Verify(Folder).Should().Match<AuditReport>(report => report.IsIntact && report.UnknownOutcomes.Count == 0);
    }

    [Theory]
    [InlineData("a file of its own", true)]
    [InlineData("a hard link", false)]
    [InlineData("a link", false)]
    [InlineData("a link to the folder", false)]
    public void Another_name_in_a_root_leads_to_no_record(string what, bool isReached)
    {
        var root = _temp.CreateSubdirectory("kb").FullName;
        var name = Path.Combine(root, "a.txt");
        using (var file = new AuditFile(new AuditOptions { Folder = Folder }))
        using (var session = GuardSession.Create(
            Policy.Create(policy => policy
                .LimitPermissions(allow => allow.Files("kb", root, files => files.Read("**").Write("**").Delete("**")))
                .DefendInDepth(defense => defense.Audit(file))),
            FaultWorld.Alice))
        {
            var segment = AuditFolder.SegmentsOf(Folder).Single();
            switch (what)
            {
                case "a hard link":
                    Run("ln", segment, name).Should().BeTrue();
                    break;
                case "a link":
                    File.CreateSymbolicLink(name, segment);
                    break;
                case "a link to the folder":
                    Directory.CreateSymbolicLink(Path.Combine(root, "f"), Folder);
                    name = Path.Combine(root, "f", Path.GetFileName(segment));
                    break;
                default:
                    File.WriteAllText(name, "mine");
                    break;
            }

            var path = "/kb/" + Path.GetRelativePath(root, name);
            var files = session.FileSystem;
            foreach (var act in new Action[]
            {
                () => files.File.ReadAllBytes(path),
                () => files.File.AppendAllText(path, "x"),
                () => files.File.Open(path, FileMode.Open, FileAccess.ReadWrite).Dispose(),
                () => files.File.WriteAllText(path, "forged"),
                () => files.File.Open(path, FileMode.Truncate).Dispose(),
                () => files.File.Copy(path, "/kb/copy.txt"),
            })
            {
                (Record.Exception(act) is null).Should().Be(isReached);
            }
        }

        AuditVerifier.Verify(Folder).IsIntact.Should().BeTrue();
        new AuditFile(new AuditOptions { Folder = Folder }).Dispose();
    }

    [Fact]
    public void What_keeps_checkpoints_elsewhere_may_hang_or_throw()
    {
        using var never = new ManualResetEventSlim();
        using (var file = new AuditFile(new AuditOptions { Folder = Folder }, onCheckpoint: _ =>
        {
            never.Wait(TimeSpan.FromSeconds(20));
            throw new InvalidOperationException();
        }))
        using (var session = FaultWorld.Session(policy => policy.DefendInDepth(defense => defense.Audit(file))))
        {
            session.TryAuthorize(FaultWorld.Call()).IsAllowed.Should().BeTrue();
        }

        never.Set();
        AuditVerifier.Verify(Folder).IsIntact.Should().BeTrue();
    }

    [Fact]
    public void Secrets_are_hidden_before_anything_is_chained()
    {
        var token = "gh" + "p_" + new string('A', 36);
        using (var file = new AuditFile(new AuditOptions { Folder = Folder }))
        using (var session = GuardSession.Create(
            Policy.Create(policy => policy.DefendInDepth(defense => defense.Audit(file).RedactValues("canary-value-1"))), FaultWorld.Alice))
        {
            session.TryAuthorize(Named($"read {token}"));
            session.TryAuthorize(Named("read " + Convert.ToBase64String("x canary-value-1 y"u8)));
            session.TryAuthorize(new DatabaseOperation(FaultWorld.Alice, Effects.Read, "shop", $"SELECT '{token}', 'canary-value-1'"));
        }

        var raw = string.Concat(Records());
        raw.Should().NotContain("AAAAAAAA").And.NotContain("canary-value").And.NotContain("Y2FuYXJ5").And.Contain("langguard redacted");
    }

    private static GuardSession Denying(AuditFile file) => GuardSession.Create(DenyingPolicy(file), FaultWorld.Alice);

    private static Policy DenyingPolicy(AuditFile file) => Policy.Create(policy => policy.DefendInDepth(defense => defense.Audit(file)));

    private static FunctionOperation Named(string name) => new(FaultWorld.Alice, Effects.Read, name, FaultWorld.Call().Arguments);

    private List<string> Records()
    {
        var records = new List<string>();
        new AuditReader().Read(AuditFolder.SegmentsOf(Folder), (_, _, payload) => records.Add(Encoding.UTF8.GetString(payload)));
        return records;
    }

    private static bool Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
