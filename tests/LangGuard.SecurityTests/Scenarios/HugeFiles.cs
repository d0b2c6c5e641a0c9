using LangGuard.Permissions;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>A sparse file of ten gigabytes, a pipe, and more writing than the quota has room for.</summary>
internal sealed class HugeFiles : Scenario
{
    internal override IReadOnlyList<string> Changes => ["work/log.txt", "work/many/", "work/many"];

    internal override IReadOnlyList<string?> Rules => [];

    internal override void Plant(ScenarioWorld world)
    {
        world.Write("work/log.txt", "start");
        using var huge = File.Create(world.At("work/huge.bin"));
        huge.SetLength(10L << 30);
    }

    internal override void Allow(PolicyBuilder guard, ScenarioWorld world) => guard.LimitPermissions(allow => allow
        .Files("work", world.At("work"), files => files.Read("**").Write("**").Trusted("**").Limit(limits =>
        {
            limits.ReadBytes = 1 << 20;
            limits.SessionWriteBytes = 100_000;
            limits.SessionFiles = 20;
        })));

    internal override IReadOnlyList<Func<IReadOnlyList<string>, Step>> Script(ScenarioWorld world) =>
    [
        Do(Step.Read("/work/huge.bin")),
        .. Enumerable.Range(0, 60).Select(i => Do(Step.Write($"/work/many/{i}.txt", "x"))),
        .. Enumerable.Range(0, 20).Select(i => Do(Step.Write("/work/log.txt", new string((char)('a' + i), 20_000)))),
    ];

    internal override IEnumerable<string> MoreHarm(ScenarioWorld world)
    {
        var files = Directory.Exists(world.At("work/many")) ? Directory.GetFiles(world.At("work/many")).Length : 0;
        return files <= 20 ? [] : [$"{files} files"];
    }
}
