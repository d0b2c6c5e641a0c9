using LangGuard.Permissions;
using LangGuard.SecurityTests.Files;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>A sparse file of ten gigabytes, one that would fit into memory, a pipe, a device, a tree without a bottom, and more writing
/// than the quota has room for.</summary>
internal sealed class HugeFiles : Scenario
{
    internal const long Large = 128L << 20;
    /// <summary>How many of the calls only read.</summary>
    internal const int Reads = 5;

    private const int Deep = 1_000;
    private const int Files = 20;
    private const int Bytes = 100_000;

    private int _created;
    private int _appended;
    private int _longest;

    internal override IReadOnlyList<string> Changes => ["work/log.txt", "work/journal.txt", "work/many/", "work/many"];

    internal override IReadOnlyList<string?> Rules =>
    [
        "files.read-limit", "files.read-limit", "files.not-regular", "files.not-regular", "files.depth-limit", null, "files.depth-limit",
        .. Enumerable.Repeat("*", 62),
        .. Enumerable.Repeat("*", 20),
    ];

    internal override void Plant(ScenarioWorld world)
    {
        world.Write("work/log.txt", "start");
        foreach (var (name, length) in new[] { ("huge.bin", 10L << 30), ("large.bin", Large) })
        {
            using var sparse = File.Create(world.At($"work/{name}"));
            sparse.SetLength(length);
        }

        NativeFiles.Pipe(world.At("work/pipe"));
        Directory.CreateDirectory(world.At("work/deep/" + string.Concat(Enumerable.Repeat("d/", Deep))));
    }

    internal override void Allow(PolicyBuilder guard, ScenarioWorld world) => guard.LimitPermissions(allow => allow
        .Files("work", world.At("work"), files => files.Read("**").Write("**").Trusted("**").Limit(limits =>
        {
            limits.ReadBytes = 1 << 20;
            limits.SessionWriteBytes = Bytes;
            limits.SessionFiles = Files;
        }))
        .Files("dev", "/dev", files => files.Read("zero")));

    internal override IReadOnlyList<Func<IReadOnlyList<string>, Step>> Script(ScenarioWorld world)
    {
        // Nothing but a guard ends these: without one the model only lists.
        Step Read(string path) => world.Session is null ? Step.List("/work") : Step.Read(path);
        return
        [
            Do(Step.Read("/work/huge.bin")),
            Do(Step.Read("/work/large.bin")),
            Do(Read("/work/pipe")),
            Do(Read("/dev/zero")),
            Do(new Step("list_files", ("path", "/work/deep"), ("recursive", true))),
            Do(Step.Write("/work/" + string.Concat(Enumerable.Repeat("d/", 10_000)) + "x.txt", "x")),
            Do(world.Session is null ? Step.List("/work") : Step.Search("nothing", "/work")),
            .. Enumerable.Range(0, 60).Select(i => Do(Step.Write($"/work/many/{i}.txt", "x"))),
            _ =>
            {
                _created = Count(world, (files, i) => files.WriteAllText($"/work/many/more-{i}.txt", "x"), i => world.Write($"work/many/more-{i}.txt", "x"));
                return Step.List("/work");
            },
            answers =>
            {
                _longest = answers.Max(answer => answer.Length);
                var line = new string('x', 1024);
                _appended = Count(
                    world, (files, _) => files.AppendAllText("/work/journal.txt", line), _ => File.AppendAllText(world.At("work/journal.txt"), line));
                return Step.List("/work");
            },
            .. Enumerable.Range(0, 20).Select(i => Do(Step.Write("/work/log.txt", new string((char)('a' + i), 20_000)))),
        ];
    }

    internal override IEnumerable<string> MoreHarm(ScenarioWorld world)
    {
        var files = Directory.Exists(world.At("work/many")) ? Directory.GetFiles(world.At("work/many")).Length : 0;
        if (files > Files || _created > 0)
        {
            yield return $"{files} files, {_created} of them after the quota";
        }

        if (_appended > Bytes / 1024)
        {
            yield return $"{_appended} KiB appended";
        }

        if (_longest > 100_000)
        {
            yield return $"{_longest} characters came back";
        }
    }

    /// <summary>How many of two thousand attempts are let through.</summary>
    private static int Count(ScenarioWorld world, Action<System.IO.Abstractions.IFile, int> guarded, Action<int> plain)
    {
        var done = 0;
        for (var i = 0; i < 2_000; i++)
        {
            try
            {
                if (world.Session is { } session)
                {
                    guarded(session.FileSystem.File, i);
                }
                else
                {
                    plain(i);
                }

                done++;
            }
            catch (AccessDeniedException)
            {
                // The quota holds, also at the next attempt.
            }
        }

        return done;
    }
}
