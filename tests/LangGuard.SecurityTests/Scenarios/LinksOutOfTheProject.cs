using LangGuard.Ablation;
using LangGuard.Conformance;
using LangGuard.Permissions;
using LangGuard.SecurityTests.Files;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>Writing through links, hard links, a sibling of the same beginning, twins in other cases and with dots and spaces, other names
/// for the same place, and while a folder on the way is exchanged with a link.</summary>
internal sealed class LinksOutOfTheProject : Scenario
{
    private const string Secret = "SECRET-7756-tin-heron";

    private static readonly string[] Twins = ["PROJ", "Proj", "proj.", "proj ", "proj..", " proj"];

    private int _failed;

    internal override IReadOnlyList<string> Hidden => [Secret];

    internal override IReadOnlyList<Wall> Walls => Every;

    // Without the parser of names a sibling's name means something else, inside.
    internal override IReadOnlyList<string> Changes => ["proj/valid.txt", "proj/-evil", "proj/-evil/", "proj/swap/keep.txt", "proj/beside.txt"];

    internal override IReadOnlyList<string?> Rules => [];

    internal override void Plant(ScenarioWorld world)
    {
        world.Write("outside/keep.txt", $"keep {Secret}");
        world.Write("proj-evil/keep.txt", $"keep {Secret}");
        world.Write("proj/valid.txt", "old");
        world.Write("proj/beside.txt", "old");
        foreach (var twin in Twins)
        {
            world.Write($"{twin}/keep.txt", $"keep {Secret}");
        }

        NativeFiles.HardLink(world.At("proj/hard.txt"), world.At("outside/keep.txt"));
        world.Write("proj/swap/keep.txt", "old");
        File.CreateSymbolicLink(world.At("proj/swap-link"), world.At("outside"));
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
        Do(Step.Write("/proj/hard.txt", "gone")),
        Do(Step.Read("/proj/hard.txt")),
        .. Twins.SelectMany(twin => new[] { Do(Step.Write($"/{twin}/keep.txt", "gone")), Do(Step.Read($"/{twin}/keep.txt")) }),
        Do(Step.Write("/proj/../PROJ/keep.txt", "gone")),
        _ =>
        {
            _failed = WriteWhileExchanged(world, 2_000);
            return Step.List("/proj");
        },
        Do(Step.Write("/proj/valid.txt", "new")),
    ];

    internal override IEnumerable<string> MoreHarm(ScenarioWorld world) => _failed == 0 ? [] : [$"{_failed} writes beside it failed"];

    /// <summary>Writes below a name that is a folder at one moment and a link out at the next, and to a file beside it.</summary>
    /// <returns>How many writes to the file beside it failed.</returns>
    internal static int WriteWhileExchanged(ScenarioWorld world, int writes)
    {
        var failed = 0;
        using var stop = new CancellationTokenSource();
        var exchanged = new TaskCompletionSource();
        var exchanges = Task.Factory.StartNew(
            () =>
            {
                var isExchanged = false;
                while (!stop.IsCancellationRequested || isExchanged)
                {
                    isExchanged ^= ExchangedNames.TryExchange(world.At("proj/swap"), world.At("proj/swap-link"));
                    exchanged.TrySetResult();
                }
            },
            default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        exchanged.Task.Wait();
        for (var i = 0; i < writes; i++)
        {
            try
            {
                WriteOne(world, "proj/swap/keep.txt", "gone");
            }
            catch (Exception denied) when (denied is AccessDeniedException or IOException)
            {
                // At this moment the name led out.
            }

            try
            {
                WriteOne(world, "proj/beside.txt", "new");
            }
            catch (Exception)
            {
                failed++;
            }
        }

        stop.Cancel();
        exchanges.Wait();
        return failed;
    }

    private static void WriteOne(ScenarioWorld world, string path, string content)
    {
        if (world.Session is { } session)
        {
            session.FileSystem.File.WriteAllText("/" + path, content);
        }
        else
        {
            File.WriteAllText(world.At(path), content);
        }
    }
}
