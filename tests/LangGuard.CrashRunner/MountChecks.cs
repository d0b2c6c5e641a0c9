using System.Diagnostics;
using LangGuard;
using LangGuard.Files;

/// <summary>Mounts beneath a root, as containers have them: every honest change works and is taken back, and a root that takes
/// nothing from other mounts does not. Prints one line for each check; the exit code counts those that failed.</summary>
internal static class MountChecks
{
    internal static int Run(string folder)
    {
        // Nothing of this reaches the host: the mounts are this namespace's own.
        if (!Mount("--make-rprivate", "/"))
        {
            return -1;
        }

        var failed = 0;
        foreach (var place in new[] { "plain", "bind", "tmpfs", "overlay", "overlay-of-two", "file" })
        {
            foreach (var walk in new[] { false, true })
            {
                var world = Path.Combine(folder, place + (walk ? "-walk" : string.Empty));
                failed += Check($"{place} {(walk ? "by the walk" : "by the kernel")}", () => Work(world, place, walk));
            }
        }

        failed += Check("other mounts are refused by the kernel", () => Refuse(Path.Combine(folder, "refuse"), walk: false));
        failed += Check("other mounts are refused by the walk", () => Refuse(Path.Combine(folder, "refuse-walk"), walk: true));
        failed += Check("a mount that shows the journal is an error", () => Overlap(Path.Combine(folder, "overlap")));
        return failed;
    }

    private static int Check(string name, Action check)
    {
        try
        {
            check();
            Console.WriteLine($"ok {name}");
            return 0;
        }
        catch (Exception error)
        {
            Console.WriteLine($"FAILED {name}: {error}");
            return 1;
        }
    }

    /// <summary>Every kind of change in a folder that is mounted, and back.</summary>
    private static void Work(string world, string place, bool walk)
    {
        var root = Directory.CreateDirectory(Path.Combine(world, "root")).FullName;
        var desk = Directory.CreateDirectory(Path.Combine(root, "desk")).FullName;
        Prepare(world, desk, place);
        if (place != "plain" && !IsMounted(place == "file" ? Path.Combine(desk, "plain.md") : desk))
        {
            throw new InvalidOperationException("It is not mounted.");
        }

        var before = Describe(root);
        using (var session = Open(world, root, walk, files => { }))
        {
            var files = session.FileSystem;
            files.File.WriteAllText("desk/new.md", "created");
            files.File.WriteAllText("desk/plain.md", "overwritten");
            files.File.AppendAllText("desk/log.md", "one more line");
            using (var stream = files.FileStream.New("desk/table.csv", FileMode.Open, FileAccess.ReadWrite))
            {
                stream.Write("XYZ"u8);
            }

            files.File.Delete("desk/old.md");
            files.File.Move("desk/draft.md", "desk/moved.md");
            files.File.Move("desk/winner.md", "desk/loser.md", overwrite: true);
            files.File.Move("outer.md", "desk/outer.md");
            files.File.Move("desk/leaving.md", "left.md");
            files.File.Copy("desk/moved.md", "copy.md");
            files.Directory.CreateDirectory("desk/folder/deep");

            // Without a guard, too, an overlay does not rename a folder of its lower layer.
            files.Directory.Move(place.StartsWith("overlay", StringComparison.Ordinal) ? "desk/folder" : "desk/tree", "desk/forest");
            files.Directory.Delete("desk/gone", recursive: true);
            files.File.SetLastWriteTimeUtc("desk/log.md", new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc));
            Require(files.File.ReadAllText("desk/plain.md") == "overwritten", "it reads what was written");
            var report = session.Changes.Undo();
            Require(report.IsComplete, string.Join("; ", report.Refused.Select(refusal => $"{refusal.Change.Kind} {refusal.Change.Path}: {refusal.Problem}")));
        }

        Require(Describe(root) == before, $"the tree is what it was\n{before}\n--\n{Describe(root)}");
    }

    private static void Refuse(string world, bool walk)
    {
        var root = Directory.CreateDirectory(Path.Combine(world, "root")).FullName;
        var outside = Directory.CreateDirectory(Path.Combine(world, "outside")).FullName;
        Directory.CreateDirectory(Path.Combine(root, "shared"));
        File.WriteAllText(Path.Combine(outside, "secret.txt"), "SECRET");
        File.WriteAllText(Path.Combine(root, "mine.txt"), "mine");
        File.WriteAllText(Path.Combine(root, "file.txt"), "covered");
        Directory.CreateSymbolicLink(Path.Combine(root, "link"), "shared");
        Require(Mount("--bind", outside, Path.Combine(root, "shared")), "a folder is mounted");
        Require(Mount("--bind", Path.Combine(outside, "secret.txt"), Path.Combine(root, "file.txt")), "a file is mounted");

        using (var open = Open(world, root, walk, files => { }))
        {
            Require(open.FileSystem.File.ReadAllText("shared/secret.txt") == "SECRET", "a mount is part of the root unless it is refused");
        }

        using var session = Open(world, root, walk, files => files.RefuseOtherMounts());
        var guarded = session.FileSystem;
        foreach (var (name, act) in new (string, Action)[]
        {
            ("read", () => guarded.File.ReadAllText("shared/secret.txt")),
            ("read a mounted file", () => guarded.File.ReadAllText("file.txt")),
            ("read through a link", () => guarded.File.ReadAllText("link/secret.txt")),
            ("write", () => guarded.File.WriteAllText("shared/secret.txt", "x")),
            ("write a mounted file", () => guarded.File.WriteAllText("file.txt", "x")),
            ("create", () => guarded.File.WriteAllText("shared/new.txt", "x")),
            ("stream", () => guarded.FileStream.New("shared/secret.txt", FileMode.Open).Dispose()),
            ("delete", () => guarded.File.Delete("shared/secret.txt")),
            ("delete a mounted file", () => guarded.File.Delete("file.txt")),
            ("move in", () => guarded.File.Move("mine.txt", "shared/mine.txt")),
            ("move out", () => guarded.File.Move("shared/secret.txt", "secret.txt")),
            ("copy", () => guarded.File.Copy("shared/secret.txt", "secret.txt")),
            ("list", () => guarded.Directory.GetFiles("shared")),
            ("list all", () => guarded.Directory.GetFiles("link")),
            ("folder", () => guarded.Directory.CreateDirectory("shared/new")),
            ("attributes", () => guarded.File.GetAttributes("shared/secret.txt")),
            ("attributes of a mounted file", () => guarded.File.GetAttributes("file.txt")),
            ("length", () => _ = guarded.FileInfo.New("file.txt").Length),
            ("delete a tree", () => guarded.Directory.Delete("shared", recursive: true)),
            ("watch", () => guarded.FileSystemWatcher.New("shared").EnableRaisingEvents = true),
        })
        {
            try
            {
                act();
                throw new InvalidOperationException($"{name} was not refused.");
            }
            catch (AccessDeniedException denial)
            {
                Require(denial.Decision.Reason!.Rule == "files.other-mount", $"{name}: {denial.Decision.Reason.Rule}");
            }
        }

        Require(!guarded.File.Exists("shared/secret.txt") && !guarded.Directory.Exists("shared"), "nothing exists there");
        Require(guarded.Directory.GetFiles(".", "*", SearchOption.AllDirectories).All(name => !name.Contains("secret")), "a listing does not go there");
        Require(guarded.File.ReadAllText("mine.txt") == "mine", "the rest is as before");
        guarded.File.WriteAllText("mine.txt", "changed");
        guarded.File.Move("mine.txt", "moved.txt");
        Require(File.ReadAllText(Path.Combine(outside, "secret.txt")) == "SECRET", "nothing outside has changed");
    }

    private static void Overlap(string world)
    {
        var root = Directory.CreateDirectory(Path.Combine(world, "root")).FullName;
        Open(Path.Combine(world, "host"), root, walk: false, files => { }).Dispose();
        foreach (var shown in new[] { "journal", "journal/blobs", "." })
        {
            var source = Directory.CreateDirectory(Path.Combine(world, "host", shown)).FullName;
            var point = Directory.CreateDirectory(Path.Combine(root, "mounted")).FullName;
            Require(Mount("--bind", source, point), "it is mounted");
            try
            {
                Open(Path.Combine(world, "host"), root, walk: false, files => { }).Dispose();
                throw new InvalidOperationException($"{shown} is shown, and nobody minds.");
            }
            catch (PolicyValidationException error)
            {
                Require(error.Message.Contains("overlaps"), error.Message);
            }

            Require(Start("umount", point), "it is unmounted");
        }

        Open(Path.Combine(world, "host"), root, walk: false, files => { }).Dispose();
    }

    private static void Prepare(string world, string desk, string place)
    {
        var lower = place.StartsWith("overlay", StringComparison.Ordinal) ? Make(world, "lower") : desk;
        switch (place)
        {
            case "bind":
                Require(Mount("--bind", Make(world, "source"), desk), "the bind mount");
                break;
            case "tmpfs":
                Require(Mount("-t", "tmpfs", "none", desk), "the memory file system");
                break;
            case "overlay-of-two":
                Require(Mount("-t", "tmpfs", "none", lower), "the lower layer");
                break;
        }

        foreach (var name in new[] { "plain.md", "log.md", "table.csv", "old.md", "draft.md", "winner.md", "loser.md", "leaving.md", "tree/leaf.md", "gone/leaf.md" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(lower, name))!);
            File.WriteAllText(Path.Combine(lower, name), $"content of {name}");
        }

        File.WriteAllText(Path.Combine(world, "root", "outer.md"), "from outside the mount");
        if (place.StartsWith("overlay", StringComparison.Ordinal))
        {
            var options = $"lowerdir={lower},upperdir={Make(world, "upper")},workdir={Make(world, "work")}";

            // Without this option an overlay in a user namespace renames no folder at all, guarded or not.
            Require(
                Mount("-t", "overlay", "overlay", "-o", options + ",userxattr", desk) || Mount("-t", "overlay", "overlay", "-o", options, desk),
                "the overlay");
        }
        else if (place == "file")
        {
            var source = Path.Combine(world, "one.md");
            File.WriteAllText(source, "one file");
            Require(Mount("--bind", source, Path.Combine(desk, "plain.md")), "the mount of one file");
        }
    }

    private static GuardSession Open(string world, string root, bool walk, Action<LangGuard.Permissions.FileRootBuilder> configure) =>
        GuardSession.Create(
            Policy.Create(builder => builder
                .LimitPermissions(allow => allow.Files("kb", root, files =>
                {
                    files.Read("**").Write("**").Delete("**").Trusted("**");
                    files.Options.ForcedConfinement = walk ? FileConfinement.HandleWalk : null;
                    configure(files);
                }))
                .DefendInDepth(defense => defense.KeepJournal(Path.Combine(world, "journal")))),
            new Principal("mounts"));

    private static string Make(string world, string name) => Directory.CreateDirectory(Path.Combine(world, name)).FullName;

    private static bool IsMounted(string path) => File.ReadLines("/proc/self/mountinfo").Any(line => line.Split(' ')[4] == path);

    private static string Describe(string root) => string.Join('\n', Directory
        .EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(path => Directory.Exists(path)
            ? $"{path[root.Length..]}/"
            : $"{path[root.Length..]} {File.GetUnixFileMode(path)} {File.GetLastWriteTimeUtc(path).Ticks} {File.ReadAllText(path)}"));

    private static void Require(bool isTrue, string what)
    {
        if (!isTrue)
        {
            throw new InvalidOperationException($"Not so: {what}.");
        }
    }

    private static bool Mount(params string[] arguments) => Start("mount", arguments);

    private static bool Start(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
