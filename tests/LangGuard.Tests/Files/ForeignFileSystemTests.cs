using System.IO.Abstractions.TestingHelpers;
using LangGuard.Files;
using LangGuard.Permissions;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Files;

/// <summary>A file system object under the same rules and limits.</summary>
public sealed class ForeignFileSystemTests
{
    [Fact]
    public void Works_inside_and_nowhere_else()
    {
        var memory = Memory();
        using var session = Session(memory);
        var files = session.FileSystem;

        files.Confinement.Should().Be(FileConfinement.Lexical);
        files.File.ReadAllText("a.txt").Should().Be("inside");
        files.File.WriteAllText("docs/b.txt", "new");
        files.File.AppendAllText("docs/b.txt", " more");
        files.File.Move("docs/b.txt", "c.txt");
        files.File.Copy("c.txt", "d.txt");
        files.Directory.CreateDirectory("x/y");
        files.Directory.GetFiles(".").Should().BeEquivalentTo("./.env", "./a.txt", "./c.txt", "./d.txt");
        files.File.Delete("d.txt");
        files.Directory.Delete("x", true);

        memory.File.ReadAllText("/data/root/c.txt").Should().Be("new more");
        memory.Directory.Exists("/data/root/x").Should().BeFalse();
    }

    [Theory]
    [InlineData("../secret.txt", "files.outside-root")]
    [InlineData("/data/secret.txt", "files.outside-root")]
    [InlineData(".env", "files.sensitive")]
    [InlineData("docs/../.ENV", "files.sensitive")]
    public void Denies_the_same(string name, string rule)
    {
        var memory = Memory();
        using var session = Session(memory);

        foreach (var act in new Action[]
        {
            () => session.FileSystem.File.ReadAllText(name), () => session.FileSystem.File.WriteAllText(name, "x"),
            () => session.FileSystem.File.Delete(name), () => session.FileSystem.File.Move("a.txt", name),
        })
        {
            act.Should().Throw<AccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be(rule);
        }

        memory.File.ReadAllText("/data/secret.txt").Should().Be("outside");
    }

    [Fact]
    public void Limits_the_same()
    {
        using var session = Session(Memory(), files => files.Limit(limits => limits.WriteBytes = 4));
        var write = () => session.FileSystem.File.WriteAllText("a.txt", "12345");

        write.Should().Throw<AccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be("files.write-limit");
    }

    [Fact]
    public void Is_refused_where_more_is_demanded()
    {
        var build = () => Session(Memory(), files => files.RequireConfinement(FileConfinement.HandleWalk));

        build.Should().Throw<PolicyValidationException>();
    }

    [Fact]
    public void A_folder_that_can_not_be_read_is_neither_moved_nor_deleted()
    {
        var memory = new MockFileSystem();
        memory.AddFile("/data/d/config", new MockFileData("evil"));
        var closed = ClosedFolder.Of(memory, "/data/d");
        using var session = Support.Operations.SessionOf(guard => guard.LimitPermissions(allow => allow.Files(
            "kb", "/data", files => files.On(closed).Read("**").Write("**").Delete("**").Trusted("**"))));

        var move = () => session.FileSystem.Directory.Move("d", ".git");
        var delete = () => session.FileSystem.Directory.Delete("d", recursive: true);

        move.Should().Throw<UnauthorizedAccessException>();
        delete.Should().Throw<UnauthorizedAccessException>();
        memory.File.ReadAllText("/data/d/config").Should().Be("evil");
    }

    private static MockFileSystem Memory()
    {
        var memory = new MockFileSystem();
        memory.Directory.CreateDirectory("/data/root/docs");
        memory.File.WriteAllText("/data/root/a.txt", "inside");
        memory.File.WriteAllText("/data/root/.env", "KEY=1");
        memory.File.WriteAllText("/data/secret.txt", "outside");
        return memory;
    }

    private static GuardSession Session(MockFileSystem memory, Action<FileRootBuilder>? more = null) => Operations.SessionOf(
        guard => guard.LimitPermissions(allow => allow.Files("kb", "/data/root", files =>
        {
            FileWorld.Everything(files.On(memory));
            more?.Invoke(files);
            FileWorld.TrustAll(files);
        })));
}
