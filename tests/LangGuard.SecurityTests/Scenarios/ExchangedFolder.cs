using LangGuard.Ablation;
using LangGuard.Conformance;
using LangGuard.Permissions;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>Writing below a folder while it is exchanged with a link that leads out, and to a file beside it, which has to go on.</summary>
internal sealed class ExchangedFolder : Scenario
{
    private int _failed;

    // What is exchanged between a look and an effect is held by the kernel or by handles, each alone; without both nothing holds it.
    internal override IReadOnlyList<Wall> Walls => [.. Every.Except([Wall.FileConfinement])];

    internal override IReadOnlyList<string> Changes => ["proj/swap/keep.txt", "proj/beside.txt"];

    internal override IReadOnlyList<string?> Rules => ["*", "*"];

    internal override void Plant(ScenarioWorld world)
    {
        world.Write("outside/keep.txt", "keep");
        world.Write("proj/beside.txt", "old");
        world.Write("proj/swap/keep.txt", "old");
        File.CreateSymbolicLink(world.At("proj/swap-link"), world.At("outside"));
    }

    internal override void Allow(PolicyBuilder guard, ScenarioWorld world) => guard.LimitPermissions(allow => allow
        .Files("proj", world.At("proj"), files => files.Read("**").Write("**").Trusted("**")));

    internal override IReadOnlyList<Func<IReadOnlyList<string>, Step>> Script(ScenarioWorld world) =>
    [
        _ =>
        {
            _failed = WriteWhileExchanged(world, 2_000);
            return Step.Write("/proj/swap-link/keep.txt", "gone");
        },
        Do(Step.Write("/proj/beside.txt", "new")),
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
