using LangGuard.Ablation;
using LangGuard.Files;
using LangGuard.Testing;

namespace LangGuard.Tests.Testing;

public sealed class FilesConformanceTests
{
    [Fact]
    public async Task A_root_with_everything_granted_holds()
    {
        var report = await PolicyConformance.FilesAsync(Everything, "kb");

        report.ShouldHold();
        report.Results.Should().HaveCount(305);
        report.Results.Count(result => result is { IsAttack: true, Outcome: ConformanceOutcome.Passed }).Should().BeGreaterThan(150);
        report.Results.Count(result => result is { IsAttack: false, Outcome: ConformanceOutcome.Passed }).Should().BeGreaterThan(70);
        report.Results.Should().Contain(result => result.Technique == "symlink" && result.Rule == "files.outside-root");
        report.ToString().Should().StartWith("Files 'kb': ").And.Contain(": 0 bypasses, 0 false denials, 0 errors;");
    }

    [Fact]
    public async Task A_folder_that_is_granted_alone_holds_and_is_where_the_cases_are()
    {
        var narrow = await PolicyConformance.FilesAsync(Drafts, "kb");
        var moved = await PolicyConformance.FilesAsync(Drafts, "kb", "drafts");

        narrow.ShouldHold();
        moved.ShouldHold();
        Benign(narrow).Should().BeLessThan(5, "nothing outside the folder is granted");
        Benign(moved).Should().BeGreaterThan(50);

        static int Benign(ConformanceReport report) =>
            report.Results.Count(result => result is { IsAttack: false, Outcome: ConformanceOutcome.Passed });
    }

    [Fact]
    public async Task A_reader_holds_and_is_not_asked_to_write()
    {
        var report = await PolicyConformance.FilesAsync(guard => guard.DocsWriter("kb", Path.GetTempPath(), "drafts/**"), "kb");

        report.ShouldHold();
        report.Results.Should().Contain(result =>
            !result.IsAttack && result.Outcome == ConformanceOutcome.Skipped && result.Seen == "not granted: files.not-granted");
    }

    [Fact]
    public async Task Broken_walls_are_reported()
    {
        var report = await PolicyConformance.FilesAsync(
            guard => Everything(guard.SwitchOff(Wall.SensitiveFiles, Wall.SensitiveNames)), "kb");

        report.Holds.Should().BeFalse();
        report.Bypasses.Should().HaveCountGreaterThan(20).And.OnlyContain(result => result.IsAttack && result.Technique == "secret");
        report.Invoking(it => it.ShouldHold()).Should().Throw<GuardAssertionException>()
            .WithMessage("*Attacks that took effect:\n  fsd-secret-*");
    }

    [Fact]
    public async Task Content_from_outside_is_reported()
    {
        var report = await PolicyConformance.FilesAsync(
            guard => Everything(guard.SwitchOff(Wall.HardLinks, Wall.FilePermissions)), "kb");

        report.Bypasses.Select(result => result.Technique).Should().Contain("hardlink");
    }

    [Fact]
    public async Task What_is_refused_against_the_rules_is_reported()
    {
        var report = await PolicyConformance.FilesAsync(
            guard => Everything(guard.AddLayer(new Moody())), "kb");

        report.Bypasses.Should().BeEmpty();
        report.FalseDenials.Should().NotBeEmpty();
        report.ToString().Should().Contain("Permitted operations that did not complete:\n  fsd-");
    }

    [Fact]
    public async Task What_the_policy_unlocks_by_name_is_no_bypass()
    {
        var report = await PolicyConformance.FilesAsync(
            guard => guard.LimitPermissions(allow => allow.Files("kb", Path.GetTempPath(), files =>
            {
                files.Read("**").Write("**").Delete("**");
                files.Options.UnguardedSensitiveFiles[".env"] = (FilePermissions)31;
            })),
            "kb");

        report.ShouldHold();
        report.Results.Should().Contain(result => result.Seen == "the policy unlocks the file");
    }

    [Fact]
    public async Task The_stores_of_the_policy_see_nothing_of_it()
    {
        var sink = new RecordingAuditSink();

        await PolicyConformance.FilesAsync(guard => Everything(guard.DefendInDepth(defense => defense.Audit(sink))), "kb");

        sink.Records.Should().BeEmpty();
    }

    [Fact]
    public async Task A_root_that_the_policy_has_not_is_an_error() =>
        (await FluentActions.Awaiting(() => PolicyConformance.FilesAsync(Everything, "notes")).Should().ThrowAsync<ArgumentException>())
            .WithMessage("The policy has no root 'notes'; it has kb, other.");

    private static void Everything(PolicyBuilder guard) => guard.LimitPermissions(allow => allow
        .Files("kb", Path.GetTempPath(), files => files.Read("**").Write("**").Delete("**"))
        .Files("other", "/no/such/folder", files => files.Read("**")));

    private static void Drafts(PolicyBuilder guard) => guard.LimitPermissions(allow => allow
        .Files("kb", Path.GetTempPath(), files => files.Read("drafts/**").Write("drafts/**").Delete("drafts/**")));

    /// <summary>Refuses what the guard does, and not what the rules are asked for a name alone.</summary>
    private sealed class Moody : MisuseLayer
    {
        public override string Name => "moody";

        public override Objection Review(Operation operation, GuardSession session) =>
            operation is FileOperation { Held: not null } ? Objection.Deny(FileReasonsForTest) : Objection.None;

        private static Reason FileReasonsForTest { get; } = new("test.moody", "Not today.", Retry.No);
    }
}
