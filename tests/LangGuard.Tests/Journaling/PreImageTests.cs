using LangGuard.Files;
using LangGuard.Journaling;

namespace LangGuard.Tests.Journaling;

/// <summary>What was put aside stays what it was: nobody who still holds the old file can write into the pre-image.</summary>
public sealed class PreImageTests
{
    [Fact]
    public void A_second_hard_link_does_not_lead_into_the_pre_image()
    {
        using var desk = new JournaledDesk();
        desk.Put("a.md", "before");
        using (var link = System.Diagnostics.Process.Start("ln", [Path.Combine(desk.Root, "a.md"), Path.Combine(desk.Root, "b.md")]))
        {
            link.WaitForExit();
        }

        desk.Files.File.WriteAllText("a.md", "after");
        File.WriteAllText(Path.Combine(desk.Root, "b.md"), "human");

        desk.Session.Changes.All.Should().ContainSingle().Which.IsCopied.Should().BeTrue();
    }

    [Fact]
    public void A_stream_that_is_open_for_writing_keeps_the_file_in_its_place()
    {
        using var desk = new JournaledDesk();
        desk.Put("a.md", "before");
        using (var stream = desk.Files.FileStream.New("a.md", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            stream.Write("X"u8);
            stream.Flush();
            desk.Files.File.Delete("a.md");
            stream.Write("Y"u8);
            stream.Flush();
        }

        desk.Session.Changes.All[^1].IsCopied.Should().BeTrue();
    }

    [Fact]
    public void A_stream_opened_before_an_overwrite_does_not_write_into_the_pre_image()
    {
        using var desk = new JournaledDesk();
        desk.Put("a.md", "before");
        using (var stream = desk.Files.FileStream.New("a.md", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            desk.Files.File.WriteAllText("a.md", "after");
            stream.Write("XXXXXX"u8);
            stream.Flush();
        }

        desk.Session.Changes.Undo().IsComplete.Should().BeTrue();
        desk.Read("a.md").Should().Be("before");
    }

    [Fact]
    public void A_file_that_somebody_has_locked_is_not_put_aside()
    {
        using var desk = new JournaledDesk();
        var path = desk.Put("a.md", "before");
        using var reader = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        desk.Files.File.Delete("a.md");
        desk.Session.Changes.All.Should().ContainSingle().Which.IsCopied.Should().BeTrue();
        desk.Session.Changes.Undo().IsComplete.Should().BeTrue();
        desk.Read("a.md").Should().Be("before");
    }

    [Fact]
    public void A_pre_image_that_was_tampered_with_is_not_put_back()
    {
        using var desk = new JournaledDesk();
        desk.Put("a.md", "before");
        desk.Files.File.WriteAllText("a.md", "after");
        var blob = Directory.EnumerateFiles(Path.Combine(desk.Journal, "blobs")).Single();
        File.WriteAllText(blob, "planted");
        desk.Session.Changes.Undo().IsComplete.Should().BeFalse();
        desk.Read("a.md").Should().Be("after");
    }

    [Fact]
    public void When_the_journal_is_full_a_write_that_would_lose_data_is_refused()
    {
        using var desk = new JournaledDesk(journal => journal.MaxBytes = 100);
        desk.Put("a.md", new string('a', 80));
        desk.Put("b.md", new string('b', 80));
        desk.Files.File.WriteAllText("a.md", "after");
        desk.Invoking(d => d.Files.File.WriteAllText("b.md", "after"))
            .Should().Throw<AccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be("files.journal-full");
        desk.Read("b.md").Should().Be(new string('b', 80));
        desk.Files.File.WriteAllText("c.md", "new files lose nothing");
    }

    [Fact]
    public void Junk_does_not_evict_what_a_live_session_may_undo()
    {
        using var desk = new JournaledDesk(journal => journal.MaxBytes = 1000);
        desk.Put("precious.md", new string('p', 400));
        desk.Put("junk.md", new string('j', 400));
        desk.Files.File.WriteAllText("precious.md", "destroyed");
        for (var i = 0; i < 20; i++)
        {
            try
            {
                desk.Files.File.WriteAllText("junk.md", new string('k', 400));
            }
            catch (AccessDeniedException)
            {
                // Refused for want of room, which is the point.
            }
        }

        desk.Session.Changes.Undo().IsComplete.Should().BeTrue();
        desk.Read("precious.md").Should().Be(new string('p', 400));
    }

    [Fact]
    public void The_changes_of_ended_sessions_make_room()
    {
        using var desk = new JournaledDesk(journal => journal.MaxBytes = 100);
        desk.Put("a.md", new string('a', 80));
        desk.Put("b.md", new string('b', 80));
        using (var ended = desk.NewSession())
        {
            ended.FileSystem.File.WriteAllText("a.md", "after");
        }

        desk.Files.File.WriteAllText("b.md", "after");
        desk.Session.Changes.Undo().IsComplete.Should().BeTrue();
        desk.Read("b.md").Should().Be(new string('b', 80));
    }

    [Fact]
    public void A_file_too_large_to_keep_is_not_overwritten_where_undo_is_required()
    {
        using var strict = new JournaledDesk(journal => journal.MaxCopyBytes = 10);
        strict.Put("a.md", "longer than ten bytes");
        strict.Invoking(d => d.Files.File.WriteAllText("a.md", "x"))
            .Should().Throw<AccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be("files.no-undo");
        strict.Read("a.md").Should().Be("longer than ten bytes");

        using var lax = new JournaledDesk(journal => (journal.MaxCopyBytes, journal.UnguardedWithoutUndo) = (10, true));
        lax.Put("a.md", "longer than ten bytes");
        lax.Files.File.WriteAllText("a.md", "x");
        lax.Session.Changes.Undo().Refused.Should().ContainSingle();
    }
}
