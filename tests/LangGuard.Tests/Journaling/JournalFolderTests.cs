using LangGuard.Journaling;

namespace LangGuard.Tests.Journaling;

/// <summary>A journal that was planted, edited or opened to others is an error and is never replayed.</summary>
public sealed class JournalFolderTests
{
    [Fact]
    public void An_edited_record_is_an_error_and_nothing_is_replayed()
    {
        using var desk = new JournaledDesk();
        desk.Put("a.md", "before");
        desk.Files.File.WriteAllText("a.md", "after");
        JournalStore.Of(desk.Policy)!.Dispose();
        var log = Path.Combine(desk.Journal, "log");
        var bytes = File.ReadAllBytes(log);
        bytes[20] ^= 1;
        File.WriteAllBytes(log, bytes);

        Restart(desk).Should().ContainSingle().Which.Problem.Should().Contain("not written under its key");
        desk.Read("a.md").Should().Be("after");

        bytes[20] ^= 1;
        File.WriteAllBytes(log, bytes);
        desk.Restart();
    }

    [Fact]
    public void A_record_of_another_journal_is_an_error()
    {
        using var desk = new JournaledDesk();
        desk.Put("a.md", "before");
        desk.Files.File.WriteAllText("a.md", "after");
        JournalStore.Of(desk.Policy)!.Dispose();
        var key = Path.Combine(desk.Journal, "key");
        var own = File.ReadAllBytes(key);
        File.WriteAllBytes(key, new byte[32]);
        Restart(desk).Should().ContainSingle();
        File.WriteAllBytes(key, own);
        desk.Restart();
    }

    [Fact]
    public void A_torn_last_record_is_cut_off()
    {
        using var desk = new JournaledDesk();
        desk.Put("a.md", "before");
        desk.Files.File.WriteAllText("a.md", "after");
        JournalStore.Of(desk.Policy)!.Dispose();
        using (var log = new FileStream(Path.Combine(desk.Journal, "log"), FileMode.Append))
        {
            log.Write([80, 0, 0, 0, 1, 2, 3]);
        }

        desk.Restart();
        desk.Files.File.WriteAllText("a.md", "again");
        desk.Session.Changes.Undo().IsComplete.Should().BeTrue();
        desk.Read("a.md").Should().Be("after");
    }

    [Theory]
    [InlineData("link as journal")]
    [InlineData("open to others")]
    [InlineData("link as blobs")]
    [InlineData("link as log")]
    public void A_journal_that_is_not_the_hosts_alone_is_an_error(string plant)
    {
        using var desk = new JournaledDesk();
        JournalStore.Of(desk.Policy)!.Dispose();
        var elsewhere = Directory.CreateDirectory(Path.Combine(desk.Root, "..", "elsewhere")).FullName;
        var blobs = Path.Combine(desk.Journal, "blobs");
        var log = Path.Combine(desk.Journal, "log");
        switch (plant)
        {
            case "link as journal":
                Directory.Move(desk.Journal, Path.Combine(elsewhere, "journal"));
                Directory.CreateSymbolicLink(desk.Journal, Path.Combine(elsewhere, "journal"));
                break;
            case "open to others":
                File.SetUnixFileMode(desk.Journal, File.GetUnixFileMode(desk.Journal) | UnixFileMode.OtherRead);
                break;
            case "link as blobs":
                Directory.Delete(blobs);
                Directory.CreateSymbolicLink(blobs, elsewhere);
                break;
            default:
                File.Move(log, Path.Combine(elsewhere, "log"));
                File.CreateSymbolicLink(log, Path.Combine(elsewhere, "log"));
                break;
        }

        Restart(desk).Should().ContainSingle();

        // Put things right again, which also shows that the error was not for good.
        switch (plant)
        {
            case "link as journal":
                File.Delete(desk.Journal);
                Directory.Move(Path.Combine(elsewhere, "journal"), desk.Journal);
                break;
            case "open to others":
                File.SetUnixFileMode(desk.Journal, File.GetUnixFileMode(desk.Journal) & ~UnixFileMode.OtherRead);
                break;
            case "link as blobs":
                File.Delete(blobs);
                break;
            default:
                File.Delete(log);
                File.Move(Path.Combine(elsewhere, "log"), log);
                break;
        }

        desk.Restart();
    }

    [Theory]
    [InlineData(".")]
    [InlineData("inside")]
    [InlineData("..")]
    public void A_journal_that_overlaps_a_root_is_an_error(string place)
    {
        var folder = Directory.CreateTempSubdirectory("langguard-journal-").FullName;
        var root = Directory.CreateDirectory(Path.Combine(folder, "desk")).FullName;
        var act = () => Policy.Create(builder => builder
            .LimitPermissions(allow => allow.Files("desk", root, files => files.Read("**")))
            .DefendInDepth(defense => defense.KeepJournal(Path.GetFullPath(Path.Combine(root, place)))));
        act.Should().Throw<PolicyValidationException>();
        Directory.Delete(folder, recursive: true);
    }

    private static IReadOnlyList<PolicyError> Restart(JournaledDesk desk)
    {
        var act = () => Policy.Create(builder => builder
            .LimitPermissions(allow => allow.Files("desk", desk.Root, files => files.Read("**").Write("**").Delete("**").Link("**")))
            .DefendInDepth(defense => defense.KeepJournal(desk.Journal)));
        return act.Should().Throw<PolicyValidationException>().Which.Errors;
    }
}
