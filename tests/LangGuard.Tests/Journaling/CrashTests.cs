using System.Diagnostics;
using System.Globalization;

namespace LangGuard.Tests.Journaling;

/// <summary>A process is killed at each step of the journal. The next start brings each file to its old or its new content,
/// and undo gives the tree that was there before, bit for bit.</summary>
public sealed class CrashTests
{
    [Fact]
    public void After_a_kill_at_any_step_recovery_and_undo_restore_the_tree()
    {
        var steps = Run(0, out _, out _);
        steps.Should().BeGreaterThan(12, "each change takes at least one step");
        for (var step = 1; step <= steps; step++)
        {
            Run(step, out var before, out var after).Should().Be(-1, $"the process is killed at step {step}");
            after.Should().Be(before, $"it was killed at step {step}");
        }
    }

    /// <summary>Runs the twelve changes in a process of their own, recovers, undoes; returns the steps it printed.</summary>
    private static int Run(int dieAt, out string before, out string after)
    {
        var folder = Directory.CreateTempSubdirectory("langguard-crash-").FullName;
        var root = Directory.CreateDirectory(Path.Combine(folder, "desk")).FullName;
        foreach (var name in (string[])["plain.md", "log.md", "table.csv", "old.md", "draft.md", "winner.md", "loser.md"])
        {
            File.WriteAllText(Path.Combine(root, name), $"content of {name}, long enough to be cut in the middle");
        }

        Directory.CreateDirectory(Path.Combine(root, "empty"));
        before = JournaledDesk.Snapshot(root);

        var runner = Path.Combine(AppContext.BaseDirectory, "LangGuard.CrashRunner.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", runner, root, Path.Combine(folder, "journal"), dieAt.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        };
        int printed;
        using (var process = Process.Start(start)!)
        {
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            printed = process.ExitCode == 0 ? int.Parse(output, CultureInfo.InvariantCulture) : -1;
        }

        using var desk = new JournaledDesk(folder: folder);
        foreach (var session in SessionsOf(desk))
        {
            session.Refused.Should().BeEmpty($"it was killed at step {dieAt}");
        }

        after = JournaledDesk.Snapshot(root);
        return printed;
    }

    /// <summary>Undoes the changes of the process that died, which this one only knows from the journal.</summary>
    private static IEnumerable<UndoReport<FileChange>> SessionsOf(JournaledDesk desk)
    {
        var store = LangGuard.Journaling.JournalStore.Of(desk.Policy)!;
        foreach (var session in store.Sessions)
        {
            yield return new SessionChanges(session, desk.Policy, store).Undo();
        }
    }
}
