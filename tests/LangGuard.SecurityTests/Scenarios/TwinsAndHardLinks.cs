using LangGuard.Ablation;
using LangGuard.Permissions;
using LangGuard.SecurityTests.Files;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>A second name of a file outside that lies in the project, and names that some file system takes for a denied one.</summary>
internal sealed class TwinsAndHardLinks : Scenario
{
    private const string Secret = "SECRET-4410-zinc-plover";

    internal override IReadOnlyList<string> Hidden => [Secret];

    // Without any confinement on the disk nobody sees how many names a file has.
    internal override IReadOnlyList<Wall> Walls => [.. Every.Except([Wall.FileConfinement])];

    // To take a name away from a file outside takes nothing from the file.
    internal override IReadOnlyList<string> Changes => ["proj/valid.txt", "proj/second-name.txt"];

    internal override IReadOnlyList<string?> Rules =>
    [
        "files.hard-link", "files.hard-link", "files.hard-link", null,
        "files.denied", "files.denied", "files.denied", "files.denied", "files.denied", "files.denied",
        null,
    ];

    internal override void Plant(ScenarioWorld world)
    {
        world.Write("outside/keep.txt", $"keep {Secret}");
        world.Write("proj/valid.txt", "old");
        foreach (var name in new[] { "private", "PRIVATE", "private.", "private ", "pri\u00advate", "private\u200b" })
        {
            world.Write($"proj/{name}/keys.txt", $"keep {Secret}");
        }

        NativeFiles.HardLink(world.At("proj/second-name.txt"), world.At("outside/keep.txt"));
    }

    internal override void Allow(PolicyBuilder guard, ScenarioWorld world) => guard.LimitPermissions(allow => allow
        .Files("proj", world.At("proj"), files => files.Read("**").Write("**").Delete("**").Deny("private/**").Trusted("**")));

    internal override IReadOnlyList<Func<IReadOnlyList<string>, Step>> Script(ScenarioWorld world) =>
    [
        Do(Step.Read("/proj/second-name.txt")),
        Do(Step.Write("/proj/second-name.txt", "gone")),
        Do(Step.Move("/proj/second-name.txt", "/proj/mine.txt")),
        Do(Step.Delete("/proj/second-name.txt")),
        Do(Step.Read("/proj/private/keys.txt")),
        Do(Step.Read("/proj/PRIVATE/keys.txt")),
        Do(Step.Write("/proj/private./keys.txt", "gone")),
        Do(Step.Read("/proj/private /keys.txt")),
        Do(Step.Read("/proj/pri\u00advate/keys.txt")),
        Do(Step.Delete("/proj/private\u200b/keys.txt")),
        Do(Step.Write("/proj/valid.txt", "new")),
    ];
}
