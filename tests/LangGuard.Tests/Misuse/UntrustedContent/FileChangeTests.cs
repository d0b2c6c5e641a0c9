using LangGuard.Misuse;
using LangGuard.Permissions;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Misuse.UntrustedContent;

public sealed class FileChangeTests
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("changes").FullName;

    private static GuardSession SessionOf(string words)
    {
        var session = GuardSession.Create(
            Policy.Create(policy => policy.LimitPermissions(allow => allow
                .Files("kb", Folder, files => files.Read("**").Write("**").Delete("**")))),
            Operations.Alice);
        session.AddUserMessage(words);
        session.MarkUntrusted();
        return session;
    }

    private static FileOperation File(string path, FilePermissions permissions) =>
        new(Operations.Alice, (permissions & FilePermissions.Delete) != 0 ? Effects.Delete : Effects.Write, new FileTarget("kb", path, path, permissions));

    private static DecisionKind Kind(GuardSession session, string path, FilePermissions permissions) =>
        session.Policy.Decide(File(path, permissions), session).Kind;

    [Theory]
    [InlineData("Delete drafts/old.md please", "drafts/old.md", DecisionKind.Allow)]
    [InlineData("Delete /kb/drafts/old.md please", "drafts/old.md", DecisionKind.Allow)]
    [InlineData("Delete old.md in the drafts", "drafts/old.md", DecisionKind.Allow)]
    [InlineData("Delete old.md", "old.md", DecisionKind.Allow)]
    [InlineData("Delete old.md", "archive/old.md", DecisionKind.Ask)]
    [InlineData("Summarise the drafts", "drafts", DecisionKind.Ask)]
    [InlineData("Delete drafts/", "drafts", DecisionKind.Allow)]
    [InlineData("Delete my-old.md", "old.md", DecisionKind.Ask)]
    public void Deleting_needs_the_name(string words, string path, DecisionKind expected)
    {
        using var session = SessionOf(words);
        Kind(session, path, FilePermissions.Delete).Should().Be(expected);
    }

    [Fact]
    public void New_files_and_own_files_may_be_written_and_those_of_others_may_not()
    {
        using var session = SessionOf("Write a report");
        Kind(session, "out/report.md", FilePermissions.Create).Should().Be(DecisionKind.Allow);
        session.Authorize(File("out/report.md", FilePermissions.Create)).Complete(OperationOutcome.Success());
        Kind(session, "out/report.md", FilePermissions.Modify).Should().Be(DecisionKind.Allow);
        Kind(session, "thesis.md", FilePermissions.Modify).Should().Be(DecisionKind.Ask);
        Kind(session, "thesis.md", FilePermissions.Read).Should().Be(DecisionKind.Allow);
    }

    [Fact]
    public void Reading_and_editing_in_one_root_is_ordinary_until_content_from_elsewhere_comes()
    {
        using var session = GuardSession.Create(
            Policy.Create(policy => policy.LimitPermissions(allow => allow
                .Files("kb", Folder, files => files.Read("**").Write("**").Delete("**")))),
            Operations.Alice);
        var read = new FileOperation(Operations.Alice, Effects.Read, new FileTarget("kb", "a.md", "a.md", FilePermissions.Read));
        session.Authorize(read).Complete(OperationOutcome.Success());
        session.HoldsUntrustedContent.Should().BeTrue();
        Kind(session, "a.md", FilePermissions.Modify).Should().Be(DecisionKind.Allow);
        Kind(session, "a.md", FilePermissions.Delete).Should().Be(DecisionKind.Ask);
        session.MarkUntrusted();
        Kind(session, "a.md", FilePermissions.Modify).Should().Be(DecisionKind.Ask);
    }
}
