using LangGuard.Misuse;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Misuse.Approval;

/// <summary>Members that can not wait: they are denied with the id of a request, and the same call uses up its approval.</summary>
public sealed class SynchronousMemberTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("langguard");

    public SynchronousMemberTests()
    {
        File.WriteAllText(PathOf("a.md"), "a");
        File.WriteAllText(PathOf("b.md"), "b");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void An_approval_covers_the_very_call_once_and_no_other_file_member_or_session()
    {
        using var session = Session();
        using var other = Session();
        var id = IdOf(() => session.FileSystem.File.Delete("/kb/a.md"));
        session.Approvals.Approve(id).Should().BeTrue();

        IdOf(() => session.FileSystem.File.Delete("/kb/b.md")).Should().NotBe(id);
        IdOf(() => session.FileSystem.File.Move("/kb/a.md", "/kb/c.md")).Should().NotBe(id);
        IdOf(() => other.FileSystem.File.Delete("/kb/a.md")).Should().NotBe(id);
        File.Exists(PathOf("a.md")).Should().BeTrue();

        session.FileSystem.File.Delete("/kb/a.md");
        File.Exists(PathOf("a.md")).Should().BeFalse();
        File.WriteAllText(PathOf("a.md"), "a");
        IdOf(() => session.FileSystem.File.Delete("/kb/a.md")).Should().NotBe(id);
        File.Exists(PathOf("a.md")).Should().BeTrue();
    }

    [Fact]
    public void Another_file_that_takes_the_name_is_not_deleted()
    {
        using var session = Session();
        session.Approvals.Approve(IdOf(() => session.FileSystem.File.Delete("/kb/a.md"))).Should().BeTrue();
        File.Delete(PathOf("a.md"));
        File.Move(PathOf("b.md"), PathOf("a.md"));

        IdOf(() => session.FileSystem.File.Delete("/kb/a.md"));

        File.ReadAllText(PathOf("a.md")).Should().Be("b");
    }

    [Fact]
    public async Task A_member_never_waits_for_the_approver_and_a_tool_does()
    {
        var approver = new QueuedApprover();
        using var session = Session(approver);

        IdOf(() => session.FileSystem.File.Delete("/kb/a.md"));
        approver.Pending.Should().BeEmpty(because: "nobody can wait on a thread that blocks");
        var call = session.GetTools().Single(tool => tool.Name == "delete_file").InvokeAsync("""{"path":"/kb/a.md"}""");
        approver.Answer(approver.Pending.Should().ContainSingle().Which.Id, ApprovalAnswer.Once).Should().BeTrue();

        (await call).Status().Should().Be("ok");
        File.Exists(PathOf("a.md")).Should().BeFalse();
    }

    [Fact]
    public async Task Of_many_threads_that_use_one_approval_one_gets_through()
    {
        using var session = Session();
        session.Approvals.Approve(IdOf(() => session.FileSystem.File.AppendAllText("/kb/a.md", "+"))).Should().BeTrue();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() =>
        {
            try
            {
                session.FileSystem.File.AppendAllText("/kb/a.md", "+");
            }
            catch (AccessDeniedException)
            {
                // All but one.
            }
        })));

        File.ReadAllText(PathOf("a.md")).Should().Be("a+");
    }

    private static string IdOf(Action act) => act.Should().Throw<AccessDeniedException>().Which.ApprovalRequestId!;

    private GuardSession Session(IApprover? approver = null) => Operations.SessionOf(guard => guard
        .LimitPermissions(allow => allow.Files("kb", _folder.FullName, files => files.Read("**").Write("**").Delete("**")))
        .AnticipateMisuse(misuse => misuse.RequireApproval(ask =>
        {
            ask.ForWrites();
            if (approver is not null)
            {
                ask.By(approver);
            }
        })));

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
