using LangGuard.Files;

namespace LangGuard.Benchmarks;

/// <summary>
/// The guarded file system beside the platform's, in one process.
/// </summary>
internal static class FilesComparison
{
    private const int Content = 4096;
    private const int Entries = 1_000;

    public static int Run(int batches)
    {
        var disk = Directory.CreateTempSubdirectory("langguard-bench-").FullName;
        var memory = Directory.CreateDirectory(Path.Combine("/dev/shm", Path.GetRandomFileName())).FullName;
        try
        {
            Console.WriteLine("| work | audit | unguarded | guarded | ratio | allocated more |");
            Console.WriteLine("|------|-------|----------:|--------:|------:|---------------:|");
            foreach (var depth in new[] { 1, 3, 8 })
            {
                Read(disk, depth, batches);
            }

            Facts(disk, batches);
            List(disk, batches);
            Overwrite("overwrite 4 KiB with undo, tmpfs", memory, memory, batches);
            Overwrite("overwrite 4 KiB with undo, disk", disk, disk, batches);
            return 0;
        }
        finally
        {
            Directory.Delete(disk, recursive: true);
            Directory.Delete(memory, recursive: true);
        }
    }

    private static void Read(string folder, int depth, int batches)
    {
        var root = Directory.CreateDirectory(Path.Combine(folder, $"read{depth}")).FullName;
        var name = string.Join('/', Enumerable.Range(1, depth - 1).Select(level => $"level{level}").Append("file.txt"));
        var path = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, new byte[Content]);
        foreach (var (audit, configure) in Audits(folder))
        {
            using var session = Open(root, configure);
            var guarded = session.FileSystem;
            SideBySide.Compare($"read 4 KiB, depth {depth}", audit, batches, 100, () => File.ReadAllBytes(path), () => guarded.File.ReadAllBytes(name));
        }
    }

    private static void Facts(string folder, int batches)
    {
        var root = Directory.CreateDirectory(Path.Combine(folder, "stat")).FullName;
        foreach (var name in new[] { "file.txt", "a/b/file.txt" })
        {
            var path = Path.Combine(root, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, new byte[Content]);
            foreach (var (audit, configure) in Audits(folder).Take(2))
            {
                using var session = Open(root, configure);
                var guarded = session.FileSystem;
                SideBySide.Compare($"attributes of {name}", audit, batches, 100, () => File.GetAttributes(path), () => guarded.File.GetAttributes(name));
                SideBySide.Compare($"length of {name}", audit, batches, 100, () => _ = new FileInfo(path).Length, () => _ = guarded.FileInfo.New(name).Length);
            }
        }
    }

    private static void List(string folder, int batches)
    {
        var root = Directory.CreateDirectory(Path.Combine(folder, "list")).FullName;
        for (var i = 0; i < Entries; i++)
        {
            File.WriteAllBytes(Path.Combine(root, $"entry{i:D4}.txt"), []);
        }

        foreach (var (audit, configure) in Audits(folder).Take(2))
        {
            using var session = Open(root, configure);
            var guarded = session.FileSystem;
            SideBySide.Compare("list 1,000 entries", audit, batches, 4, () => Directory.GetFiles(root), () => guarded.Directory.GetFiles("."));
        }
    }

    private static void Overwrite(string work, string folder, string journals, int batches)
    {
        var root = Directory.CreateDirectory(Path.Combine(folder, "write")).FullName;
        var (raw, name) = (Path.Combine(root, "raw.txt"), "guarded.txt");
        var content = new byte[Content];
        File.WriteAllBytes(raw, content);
        File.WriteAllBytes(Path.Combine(root, name), content);
        foreach (var (audit, configure) in Audits(folder).Take(2))
        {
            using var session = Open(root, defense =>
            {
                configure(defense);
                defense.KeepJournal(Path.Combine(journals, $"journal-{audit.Replace(' ', '-')}"));
            });
            var guarded = session.FileSystem;
            SideBySide.Compare(work, audit, batches, 50, () => File.WriteAllBytes(raw, content), () => guarded.File.WriteAllBytes(name, content));
            session.Changes.Commit();
        }
    }

    private static IEnumerable<(string Name, Action<DefenseBuilder> Configure)> Audits(string folder)
    {
        yield return ("none", _ => { });
        yield return ("buffered", defense => defense.Audit(audit => audit.ToFile(NewFolder(folder)).UnguardedBestEffort()));
        yield return ("write-ahead", defense => defense.Audit(audit => audit.ToFile(NewFolder(folder))));
    }

    private static string NewFolder(string folder) => Path.Combine(folder, "audit", Path.GetRandomFileName());

    private static GuardSession Open(string root, Action<DefenseBuilder> configure)
    {
        var policy = Policy.Create(guard => guard
            .LimitPermissions(allow => allow.Files("bench", root, files => files.Read("**").Write("**").Delete("**").Limit(limits =>
                limits.SessionReadBytes = limits.SessionWriteBytes = limits.SessionFiles = long.MaxValue / 4)))
            .AnticipateMisuse(misuse => misuse.LimitUsage(usage => usage.Calls(int.MaxValue)))
            .DefendInDepth(configure));
        return GuardSession.Create(policy, new Principal("bench"), new GuardSessionOptions { Lifetime = TimeSpan.FromDays(1) });
    }
}
