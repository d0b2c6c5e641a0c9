using System.Diagnostics;
using LangGuard.Files;

namespace LangGuard.Tests.Journaling;

/// <summary>Mounts: bind mounts, overlays and other devices beneath a root. The journal falls back to copies, and nothing that
/// works without a guard fails with it.</summary>
public sealed class MountTests
{
    private const string Memory = "/dev/shm";

    [Fact]
    public void Honest_work_and_undo_on_every_kind_of_mount()
    {
        var folder = Directory.CreateTempSubdirectory("langguard-mounts-").FullName;
        var runner = Path.Combine(AppContext.BaseDirectory, "LangGuard.CrashRunner.dll");

        // In a namespace of its own, so that no mount outlives the test or is seen by another one.
        var (code, output) = Run("unshare", "--user", "--map-root-user", "--mount", "dotnet", "exec", runner, "mounts", folder);
        if (!output.Contains("plain by the kernel", StringComparison.Ordinal))
        {
            (code, output) = Run("unshare", "--mount", "dotnet", "exec", runner, "mounts", folder);
        }

        if (output.Contains("plain by the kernel", StringComparison.Ordinal))
        {
            code.Should().Be(0, output);
            output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)).Should().Be(15);
        }
        else
        {
            // A container that lets nobody mount anything: what it has mounted itself still shows the fallback.
            output.ToUpperInvariant().Should().MatchRegex("OPERATION NOT PERMITTED|PERMISSION DENIED|NO SPACE LEFT|INVALID ARGUMENT|CANNOT FIND");
            A_journal_on_another_mount_keeps_copies_and_undoes_everything();
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_journal_on_another_mount_keeps_copies_and_undoes_everything()
    {
        var root = Directory.CreateDirectory(Path.Combine(Memory, Path.GetRandomFileName())).FullName;
        var folder = Directory.CreateTempSubdirectory("langguard-mounts-").FullName;
        try
        {
            DeviceOf(root).Should().NotBe(DeviceOf(folder), "this test needs two devices");
            foreach (var name in new[] { "plain.md", "log.md", "old.md", "winner.md", "loser.md", "tree/leaf.md" })
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, name))!);
                File.WriteAllText(Path.Combine(root, name), $"content of {name}");
            }

            var before = JournaledDesk.Snapshot(root);
            using (var session = NewSession(root, Path.Combine(folder, "journal")))
            {
                var files = session.FileSystem;
                files.File.WriteAllText("plain.md", "overwritten");
                files.File.AppendAllText("log.md", "more");
                files.File.Delete("old.md");
                files.File.Move("winner.md", "loser.md", overwrite: true);
                files.Directory.Move("tree", "forest");
                files.File.WriteAllText("new.md", "new");
                session.Changes.All.Where(change => change.Kind is FileChangeKind.Overwrite or FileChangeKind.Delete)
                    .Should().OnlyContain(change => change.IsCopied);

                session.Changes.Undo().IsComplete.Should().BeTrue();
            }

            JournaledDesk.Snapshot(root).Should().Be(before);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void A_file_moves_between_roots_on_different_mounts_and_back()
    {
        var other = Directory.CreateDirectory(Path.Combine(Memory, Path.GetRandomFileName())).FullName;
        var folder = Directory.CreateTempSubdirectory("langguard-mounts-").FullName;
        try
        {
            var desk = Directory.CreateDirectory(Path.Combine(folder, "desk")).FullName;
            File.WriteAllText(Path.Combine(desk, "a.md"), "travels");
            File.WriteAllText(Path.Combine(other, "b.md"), "is replaced");
            var policy = Policy.Create(builder => builder
                .LimitPermissions(allow => allow
                    .Files("desk", desk, files => files.Read("**").Write("**").Delete("**").Trusted("**"))
                    .Files("memory", other, files => files.Read("**").Write("**").Delete("**").Trusted("**")))
                .DefendInDepth(defense => defense.KeepJournal(Path.Combine(folder, "journal"))));
            using var session = GuardSession.Create(policy, Support.Operations.Alice);

            session.FileSystem.File.Move("/desk/a.md", "/memory/b.md", overwrite: true);

            File.ReadAllText(Path.Combine(other, "b.md")).Should().Be("travels");
            File.Exists(Path.Combine(desk, "a.md")).Should().BeFalse();
            session.Changes.Undo().IsComplete.Should().BeTrue();
            File.ReadAllText(Path.Combine(other, "b.md")).Should().Be("is replaced");
            File.ReadAllText(Path.Combine(desk, "a.md")).Should().Be("travels");
        }
        finally
        {
            Directory.Delete(other, recursive: true);
        }
    }

    [Theory]
    [InlineData("36 1 8:1 /srv/journal /root/shown rw", true)]
    [InlineData("36 1 8:1 /srv /root/shown rw", true)]
    [InlineData("36 1 8:1 /srv/journal/blobs /root/shown rw", true)]
    [InlineData("36 1 8:1 / /root/a\\040b rw", true)]
    [InlineData("36 1 8:1 /srv/other /root/shown rw", false)]
    [InlineData("36 1 8:1 /srv/journal2 /root/shown rw", false)]
    [InlineData("36 1 8:2 /srv/journal /root/shown rw", false)]
    [InlineData("36 1 8:1 /srv/journal /elsewhere rw", false)]
    public void A_mount_that_shows_a_protected_folder_is_noticed(string line, bool isShown)
    {
        var mounts = MountTable.Parse(["22 1 8:1 / / rw", "23 1 0:5 / /proc rw", line]);

        mounts.Shows(new HostPath("/root"), new HostPath("/srv/journal")).Should().Be(isShown);
    }

    [Fact]
    public void A_root_that_refuses_other_mounts_needs_a_system_that_tells_them_apart()
    {
        var build = () => new Files.FileWorld(files => files.Read("**").RefuseOtherMounts(), FileConfinement.VerifyAfterOpen).Dispose();

        build.Should().Throw<PolicyValidationException>().WithMessage("*RefuseOtherMounts*");
    }

    private static GuardSession NewSession(string root, string journal) => GuardSession.Create(
        Policy.Create(builder => builder
            .LimitPermissions(allow => allow.Files("desk", root, files => files.Read("**").Write("**").Delete("**").Trusted("**")))
            .DefendInDepth(defense => defense.KeepJournal(journal))),
        Support.Operations.Alice);

    private static string DeviceOf(string path) => Run("stat", "-c", "%d", path).Output.Trim();

    private static (int Code, string Output) Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + errors.GetAwaiter().GetResult());
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return (-1, $"cannot find: {error.Message}");
        }
    }
}
