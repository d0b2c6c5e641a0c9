using LangGuard.Ablation;
using LangGuard.Permissions;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>Writing through links, hard links, a sibling of the same beginning and other names for the same place.</summary>
internal sealed class LinksOutOfTheProject : Scenario
{
    private const string Secret = "SECRET-7756-tin-heron";

    internal override IReadOnlyList<string> Hidden => [Secret];

    internal override IReadOnlyList<Wall> Walls => Every;

    // Without the parser of names a sibling's name means something else, inside.
    internal override IReadOnlyList<string> Changes => ["proj/valid.txt", "proj/-evil", "proj/-evil/"];

    internal override IReadOnlyList<string?> Rules => [];

    internal override void Plant(ScenarioWorld world)
    {
        world.Write("outside/keep.txt", $"keep {Secret}");
        world.Write("proj-evil/keep.txt", $"keep {Secret}");
        world.Write("proj/valid.txt", "old");
        File.CreateSymbolicLink(world.At("proj/link"), world.At("outside"));
        File.CreateSymbolicLink(world.At("proj/file-link"), world.At("outside/keep.txt"));
        File.CreateSymbolicLink(world.At("proj/chain"), "link");
    }

    internal override void Allow(PolicyBuilder guard, ScenarioWorld world) => guard.LimitPermissions(allow => allow
        .Files("proj", world.At("proj"), files => files.Read("**").Write("**").Trusted("**")));

    internal override IReadOnlyList<Func<IReadOnlyList<string>, Step>> Script(ScenarioWorld world) =>
    [
        Do(Step.Write("/proj/link/keep.txt", "gone")),
        Do(Step.Write("/proj/chain/keep.txt", "gone")),
        Do(Step.Write("/proj/file-link", "gone")),
        Do(Step.Read("/proj/file-link")),
        Do(Step.Write("/proj/../outside/keep.txt", "gone")),
        Do(Step.Write("/proj-evil/keep.txt", "gone")),
        Do(Step.Read("/proj/link/../../outside/keep.txt")),
        Do(Step.Delete("/proj/link/keep.txt")),
        Do(Step.Move("/proj/link/keep.txt", "/proj/mine.txt")),
        Do(Step.Write("/proj/valid.txt", "new")),
    ];
}
