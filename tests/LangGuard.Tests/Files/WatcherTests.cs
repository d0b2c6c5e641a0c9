using System.Collections.Concurrent;
using LangGuard.Permissions;

namespace LangGuard.Tests.Files;

public sealed class WatcherTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Tells_of_changes_by_the_agents_names_and_hides_what_rules_hide()
    {
        using var world = new FileWorld(files =>
        {
            FileWorld.Everything(files);
            files.Deny("hidden/**").Deny("*.secret");
        });
        Directory.CreateDirectory(world.In("hidden"));
        var seen = new ConcurrentQueue<string>();
        var done = new TaskCompletionSource();
        using var watcher = world.Guarded.FileSystemWatcher.New(".");
        watcher.IncludeSubdirectories = true;
        watcher.Created += (_, change) =>
        {
            seen.Enqueue(change.FullPath);
            if (change.Name == "last.txt")
            {
                done.TrySetResult();
            }
        };
        watcher.EnableRaisingEvents = true;

        File.WriteAllText(world.In("hidden/a.txt"), "x");
        File.WriteAllText(world.In("b.secret"), "x");
        File.WriteAllText(world.In("first.txt"), "x");
        File.WriteAllText(world.In("last.txt"), "x");
        await done.Task.WaitAsync(Patience);

        seen.Should().Equal("/kb/first.txt", "/kb/last.txt");
        watcher.Path.Should().Be(".");
        watcher.FileSystem.Should().BeSameAs(world.Guarded);
    }

    [Fact]
    public void Watches_nothing_outside()
    {
        using var world = new FileWorld();
        using var watcher = world.Guarded.FileSystemWatcher.New();
        Action[] acts =
        [
            () => watcher.Path = world.Folder, () => watcher.Path = "..", () => world.Guarded.FileSystemWatcher.New("/etc"),
            () => world.Guarded.FileSystemWatcher.New("/etc", "*"),
        ];

        acts.Should().AllSatisfy(act =>
            act.Should().Throw<AccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be("files.outside-root"));
        var enable = () => watcher.EnableRaisingEvents = true;
        enable.Should().Throw<FileNotFoundException>();
        var wrap = () => world.Guarded.FileSystemWatcher.Wrap(new FileSystemWatcher(world.Folder));
        wrap.Should().Throw<AccessDeniedException>();
    }
}
