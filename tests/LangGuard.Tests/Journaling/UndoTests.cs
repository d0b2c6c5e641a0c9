using LangGuard.Journaling;

namespace LangGuard.Tests.Journaling;

public sealed class UndoTests
{
    [Theory]
    [InlineData("create")]
    [InlineData("overwrite")]
    [InlineData("overwrite a file with two names")]
    [InlineData("append")]
    [InlineData("stream")]
    [InlineData("truncating stream")]
    [InlineData("delete")]
    [InlineData("delete a file with two names")]
    [InlineData("delete a tree")]
    [InlineData("move")]
    [InlineData("move over")]
    [InlineData("move a directory")]
    [InlineData("copy")]
    [InlineData("create directory")]
    [InlineData("link")]
    [InlineData("delete a link")]
    [InlineData("mode")]
    [InlineData("set length")]
    public void Every_kind_of_change_is_taken_back_bit_for_bit(string change)
    {
        using var desk = new JournaledDesk();
        desk.Put("a.md", "before");
        desk.Put("b.md", "other");
        desk.Put("tree/x/1.md", "one");
        desk.Put("tree/x/2.md", "two");
        File.SetUnixFileMode(desk.Put("private.md", "mine"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        desk.Put("twice.md", "shared");
        Link(desk.Root, "twice.md", "twice-too.md");
        File.CreateSymbolicLink(Path.Combine(desk.Root, "alias"), "a.md");
        var before = desk.Snapshot();

        Change(desk, change);
        desk.Snapshot().Should().NotBe(before, "the change itself must have happened");
        var report = desk.Session.Changes.Undo();

        report.Refused.Should().BeEmpty();
        desk.Snapshot().Should().Be(before);
        desk.Session.Changes.All.Should().OnlyContain(done => done.State == ChangeState.Undone);
    }

    [Fact]
    public void An_overwrite_keeps_the_old_file_itself_and_copies_nothing()
    {
        using var desk = new JournaledDesk();
        desk.Put("a.md", "before");
        desk.Files.File.WriteAllText("a.md", "after");
        desk.Session.Changes.All.Should().ContainSingle().Which.IsCopied.Should().BeFalse();
    }

    [Fact]
    public void The_mode_of_an_overwritten_file_stays()
    {
        using var desk = new JournaledDesk();
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(desk.Put("a.md", "before"), mode);
        desk.Files.File.WriteAllText("a.md", "after");
        File.GetUnixFileMode(Path.Combine(desk.Root, "a.md")).Should().Be(mode);
    }

    [Fact]
    public void Undo_refuses_what_somebody_else_has_changed_since()
    {
        using var desk = new JournaledDesk();
        desk.Put("a.md", "before");
        desk.Put("b.md", "before");
        desk.Files.File.WriteAllText("a.md", "agent");
        desk.Files.File.WriteAllText("b.md", "agent");
        File.WriteAllText(Path.Combine(desk.Root, "a.md"), "human");

        var report = desk.Session.Changes.Undo();

        report.Refused.Should().ContainSingle().Which.Change.Path.Should().Be("/desk/a.md");
        desk.Read("a.md").Should().Be("human");
        desk.Read("b.md").Should().Be("before");
    }

    [Fact]
    public void Undo_refuses_a_deleted_name_that_is_taken_again()
    {
        using var desk = new JournaledDesk();
        desk.Put("a.md", "before");
        desk.Files.File.Delete("a.md");
        desk.Put("a.md", "human");
        desk.Session.Changes.Undo().IsComplete.Should().BeFalse();
        desk.Read("a.md").Should().Be("human");
    }

    [Fact]
    public void Undo_of_a_created_file_that_was_edited_is_refused()
    {
        using var desk = new JournaledDesk();
        desk.Files.File.WriteAllText("a.md", "agent");
        File.AppendAllText(Path.Combine(desk.Root, "a.md"), "human");
        desk.Session.Changes.Undo().IsComplete.Should().BeFalse();
        desk.Read("a.md").Should().Be("agenthuman");
    }

    [Fact]
    public void Undo_works_after_a_freeze_and_after_the_session_ended()
    {
        using var desk = new JournaledDesk();
        desk.Put("a.md", "before");
        desk.Files.File.WriteAllText("a.md", "after");
        desk.Session.Freeze();
        desk.Invoking(d => d.Files.File.WriteAllText("a.md", "no")).Should().Throw<AccessDeniedException>();
        var changes = desk.Session.Changes;
        desk.Session.Dispose();
        changes.Undo().IsComplete.Should().BeTrue();
        desk.Read("a.md").Should().Be("before");
    }

    [Fact]
    public void One_change_can_be_taken_back_alone()
    {
        using var desk = new JournaledDesk();
        desk.Put("a.md", "before");
        desk.Put("b.md", "before");
        desk.Files.File.WriteAllText("a.md", "after");
        desk.Files.File.WriteAllText("b.md", "after");
        desk.Session.Changes.Undo(desk.Session.Changes.All[0]).IsComplete.Should().BeTrue();
        (desk.Read("a.md"), desk.Read("b.md")).Should().Be(("before", "after"));
    }

    [Fact]
    public void A_session_sees_and_undoes_only_its_own_changes()
    {
        using var desk = new JournaledDesk();
        desk.Put("a.md", "before");
        desk.Files.File.WriteAllText("a.md", "after");
        desk.NewSession().Changes.All.Should().BeEmpty();
        desk.NewSession().Changes.Undo().Undone.Should().BeEmpty();
        desk.Read("a.md").Should().Be("after");
    }

    [Fact]
    public void A_commit_erases_what_was_kept()
    {
        using var desk = new JournaledDesk();
        desk.Put("a.md", "before");
        desk.Files.File.WriteAllText("a.md", "after");
        desk.Session.Changes.Commit();
        desk.Session.Changes.Undo().Undone.Should().BeEmpty();
        Directory.EnumerateFiles(Path.Combine(desk.Journal, "blobs")).Should().BeEmpty();
    }

    [Fact]
    public void A_difference_shows_removed_and_added_lines()
    {
        using var desk = new JournaledDesk();
        desk.Put("a.md", "one\ntwo\nthree\n");
        desk.Files.File.WriteAllText("a.md", "one\n2\nthree\n");
        desk.Session.Changes.Diff(desk.Session.Changes.All[0]).Should().Be("@@ -2,1 +2,1 @@\n-two\n+2\n");
    }

    [Fact]
    public void A_difference_needs_the_right_to_read()
    {
        var folder = Directory.CreateTempSubdirectory("langguard-journal-").FullName;
        var root = Directory.CreateDirectory(Path.Combine(folder, "drop")).FullName;
        File.WriteAllText(Path.Combine(root, "a.md"), "secret");
        var policy = Policy.Create(builder => builder
            .LimitPermissions(allow => allow.Files("drop", root, files => files.Write("**")))
            .DefendInDepth(defense => defense.KeepJournal(Path.Combine(folder, "journal"))));
        using (var session = GuardSession.Create(policy, Support.Operations.Alice))
        {
            session.FileSystem.File.WriteAllText("a.md", "after");
            var changes = session.Changes;
            changes.Invoking(c => c.Diff(c.All[0])).Should().Throw<AccessDeniedException>();
        }

        JournalStore.Of(policy)!.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static void Change(JournaledDesk desk, string change)
    {
        var files = desk.Files;
        switch (change)
        {
            case "create": files.File.WriteAllText("new.md", "new"); break;
            case "overwrite": files.File.WriteAllText("a.md", "after"); break;
            case "overwrite a file with two names": files.File.WriteAllText("twice.md", "changed"); break;
            case "append": files.File.AppendAllText("a.md", " and more"); break;
            case "stream":
                using (var stream = files.FileStream.New("a.md", FileMode.Open, FileAccess.ReadWrite))
                {
                    stream.Seek(2, SeekOrigin.Begin);
                    stream.Write("XX"u8);
                }

                break;
            case "truncating stream":
                using (var stream = files.FileStream.New("a.md", FileMode.Create, FileAccess.Write))
                {
                    stream.Write("x"u8);
                }

                break;
            case "delete": files.File.Delete("a.md"); break;
            case "delete a file with two names": files.File.Delete("twice.md"); break;
            case "delete a tree": files.Directory.Delete("tree", recursive: true); break;
            case "move": files.File.Move("a.md", "tree/moved.md"); break;
            case "move over": files.File.Move("a.md", "b.md", overwrite: true); break;
            case "move a directory": files.Directory.Move("tree", "forest"); break;
            case "copy": files.File.Copy("a.md", "c.md"); break;
            case "create directory": files.Directory.CreateDirectory("p/q/r"); break;
            case "link": files.File.CreateSymbolicLink("link", "a.md"); break;
            case "delete a link": files.File.Delete("alias"); break;
            case "mode": files.File.SetUnixFileMode("a.md", UnixFileMode.UserRead); break;
            case "set length":
                using (var stream = files.FileStream.New("a.md", FileMode.Open, FileAccess.Write))
                {
                    stream.SetLength(1);
                }

                break;
            default: throw new ArgumentOutOfRangeException(nameof(change));
        }
    }

    private static void Link(string root, string name, string second)
    {
        using var link = System.Diagnostics.Process.Start("ln", [Path.Combine(root, name), Path.Combine(root, second)]);
        link.WaitForExit();
        link.ExitCode.Should().Be(0);
    }
}
