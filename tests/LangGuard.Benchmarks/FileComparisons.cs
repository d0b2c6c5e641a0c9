namespace LangGuard.Benchmarks;

/// <summary>The guarded file system beside the platform's.</summary>
internal static class FileComparisons
{
    private const string None = "no audit";
    private const string Buffered = "buffered audit";
    private const string Ahead = "write-ahead audit";
    private const string Section = "files";
    private static readonly byte[] Content = new byte[4096];

    public static IEnumerable<Comparison> All()
    {
        yield return Read(3, None, null);
        foreach (var depth in new[] { 1, 3, 8 })
        {
            yield return Read(depth, Buffered, Aim.ReadBuffered);
            yield return Read(depth, Ahead, Aim.ReadAhead);
        }

        foreach (var depth in new[] { 1, 3 })
        {
            yield return new(Section, $"attributes, depth {depth}", new Aim(Ratio: 1.2), () => OpenFile(depth, None, (path, name, files) =>
                (() => File.GetAttributes(path), () => files.File.GetAttributes(name))));
        }

        yield return new(Section, $"list 1,000 entries, {Buffered}", new Aim(Ratio: 1.1), () => Open(Path.GetTempPath(), Buffered, (root, session) =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                File.WriteAllBytes(Path.Combine(root, $"entry{i:D4}.txt"), []);
            }

            var files = session.FileSystem;
            return (() => Directory.GetFiles(root), () => files.Directory.GetFiles("."));
        }));
        yield return new(Section, "overwrite 4 KiB with undo, tmpfs", Aim.Overwrite, () => Overwrite("/dev/shm"));
        yield return new(Section, "overwrite 4 KiB with undo, disk", null, () => Overwrite(Path.GetTempPath()));
    }

    private static Comparison Read(int depth, string audit, Aim? aim) => new(Section, $"read 4 KiB, depth {depth}, {audit}", aim, () =>
        OpenFile(depth, audit, (path, name, files) => (() => File.ReadAllBytes(path), () => files.File.ReadAllBytes(name))));

    private static Pair OpenFile(
        int depth, string audit, Func<string, string, System.IO.Abstractions.IFileSystem, (Action Plain, Action Guarded)> calls) =>
        Open(Path.GetTempPath(), audit, (root, session) =>
        {
            var name = string.Join('/', Enumerable.Range(1, depth - 1).Select(level => $"level{level}").Append("file.txt"));
            var path = Path.Combine(root, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, Content);
            return calls(path, name, session.FileSystem);
        });

    private static Pair? Overwrite(string place) => !Directory.Exists(place) ? null : Open(place, None, (root, session) =>
    {
        var (raw, name) = (Path.Combine(root, "raw.txt"), "guarded.txt");
        File.WriteAllBytes(raw, Content);
        File.WriteAllBytes(Path.Combine(root, name), Content);
        var files = session.FileSystem;
        return (() => File.WriteAllBytes(raw, Content), () => files.File.WriteAllBytes(name, Content));
    }, journal: true);

    private static Pair Open(
        string place, string audit, Func<string, GuardSession, (Action Plain, Action Guarded)> calls, bool journal = false)
    {
        var folder = Directory.CreateDirectory(Path.Combine(place, $"langguard-bench-{Path.GetRandomFileName()}")).FullName;
        var root = Directory.CreateDirectory(Path.Combine(folder, "root")).FullName;
        var policy = Policy.Create(guard => guard
            .LimitPermissions(allow => allow.Files("bench", root, files => files.Read("**").Write("**").Delete("**").Limit(limits =>
                limits.SessionReadBytes = limits.SessionWriteBytes = limits.SessionFiles = long.MaxValue / 4)))
            .AnticipateMisuse(misuse => misuse.LimitUsage(usage => usage
                .Calls(long.MaxValue).BytesIn("1000000 GiB").BytesOut("1000000 GiB")))
            .DefendInDepth(defense =>
            {
                _ = audit == None ? defense : defense.Audit(file =>
                    _ = audit == Ahead ? file.ToFile(Path.Combine(folder, "audit")) : file.ToFile(Path.Combine(folder, "audit")).UnguardedBestEffort());
                _ = journal ? defense.KeepJournal(Path.Combine(folder, "journal")) : defense;
            }));
        var session = GuardSession.Create(policy, new Principal("bench"), new GuardSessionOptions { Lifetime = TimeSpan.FromDays(1) });
        var (plain, guarded) = calls(root, session);
        return new Pair(plain, guarded, () =>
        {
            session.Dispose();
            Directory.Delete(folder, recursive: true);
        })
        {
            Between = journal ? session.Changes.Commit : null,
        };
    }
}
