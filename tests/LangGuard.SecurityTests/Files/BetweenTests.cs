using LangGuard.Files;

namespace LangGuard.SecurityTests.Files;

/// <summary>What changes between the look and the act, by another call of the same agent or another process: what was decided
/// on is what is done, or nothing is.</summary>
public sealed class BetweenTests
{
    private static readonly Dictionary<string, Action<GuardedFileSystem>> Arrivals = new(StringComparer.Ordinal)
    {
        ["write"] = files => files.File.WriteAllText("d/config", "[core] fsmonitor = evil"),
        ["append"] = files => files.File.AppendAllText("d/config", "[core] fsmonitor = evil"),
        ["stream"] = files => files.FileStream.New("d/config", FileMode.CreateNew).Dispose(),
        ["handle"] = files => files.File.OpenHandle("d/config", FileMode.CreateNew, FileAccess.Write).Dispose(),
        ["copy"] = files => files.File.Copy("x.txt", "d/config"),
        ["move"] = files => files.File.Move("x.txt", "d/config"),
        ["move a folder"] = files => files.Directory.Move("hooks", "d/hooks"),
        ["folder"] = files => files.Directory.CreateDirectory("d/hooks/deep"),
        ["link"] = files => files.File.CreateSymbolicLink("d/hooks", "../hooks"),
    };

    public static TheoryData<string, FileConfinement, bool> ArrivalCases
    {
        get
        {
            var cases = new TheoryData<string, FileConfinement, bool>();
            foreach (var way in Arrivals.Keys)
            {
                foreach (var backend in new[] { FileConfinement.KernelBeneath, FileConfinement.HandleWalk })
                {
                    cases.Add(way, backend, false);
                    cases.Add(way, backend, true);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(ArrivalCases))]
    public void Nothing_arrives_in_a_folder_that_was_moved_meanwhile(string way, FileConfinement backend, bool isJournalled)
    {
        using var world = NewWorld(root => Directory.Move(Path.Combine(root, "d"), Path.Combine(root, ".git")), backend, isJournalled, out var between);
        Prepare(world);

        between.IsArmed = true;
        var act = () => Arrivals[way](world.Guarded);

        // A folder is made by names that are resolved after the decision: there the folder is simply gone.
        var error = act.Should().Throw<Exception>().Which;
        (error is AccessDeniedException denial ? denial.Decision.Reason!.Rule : way).Should().Match(rule => rule == "files.unstable" || rule == "folder");
        Directory.GetFileSystemEntries(world.In(".git")).Should().BeEmpty();
        File.ReadAllText(world.In("x.txt")).Should().Be("inside", "what was to be moved or copied is still there");
        File.ReadAllText(world.In("hooks/pre-commit")).Should().Be("inside");
        Directory.Move(world.In(".git"), world.In("d"));
        Arrivals[way](world.Guarded);
        Directory.GetFileSystemEntries(world.In("d")).Should().NotBeEmpty("without the race it is allowed");
    }

    [Theory]
    [InlineData(FileConfinement.KernelBeneath, false)]
    [InlineData(FileConfinement.KernelBeneath, true)]
    [InlineData(FileConfinement.HandleWalk, false)]
    [InlineData(FileConfinement.VerifyAfterOpen, false)]
    public void A_folder_is_not_moved_with_what_was_added_meanwhile(FileConfinement backend, bool isJournalled)
    {
        using var world = NewWorld(root => File.WriteAllText(Path.Combine(root, "d/config"), "evil"), backend, isJournalled, out var between);
        Prepare(world);

        between.IsArmed = true;
        var move = () => world.Guarded.Directory.Move("d", ".cargo");

        move.Should().Throw<AccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be("files.unstable");
        Directory.Exists(world.In(".cargo")).Should().BeFalse();
        File.ReadAllText(world.In("d/config")).Should().Be("evil", "it is somebody's, and it stays");
        File.Delete(world.In("d/config"));
        world.Guarded.Directory.Move("d", ".cargo");
        Directory.Exists(world.In(".cargo")).Should().BeTrue();
        if (isJournalled)
        {
            world.Session.Changes.Undo().IsComplete.Should().BeTrue();
            Directory.Exists(world.In("d")).Should().BeTrue();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Another_folder_or_file_under_the_same_name_is_not_moved(bool isJournalled)
    {
        using var world = NewWorld(
            root =>
            {
                File.Move(Path.Combine(root, "x.txt"), Path.Combine(root, "x.old"));
                File.WriteAllText(Path.Combine(root, "x.txt"), "another");
            },
            FileConfinement.KernelBeneath, isJournalled, out var between);
        Prepare(world);

        between.IsArmed = true;
        var move = () => world.Guarded.File.Move("x.txt", "public.txt");

        move.Should().Throw<AccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be("files.unstable");
        File.Exists(world.In("public.txt")).Should().BeFalse();
        File.ReadAllText(world.In("x.txt")).Should().Be("another");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_recursive_delete_keeps_what_was_added_meanwhile(bool isJournalled)
    {
        using var world = NewWorld(
            root => File.WriteAllText(Path.Combine(root, "hooks/new.txt"), "new"), FileConfinement.KernelBeneath, isJournalled, out var between);
        Prepare(world);

        between.IsArmed = true;
        var delete = () => world.Guarded.Directory.Delete("hooks", recursive: true);

        delete.Should().Throw<IOException>();
        File.ReadAllText(world.In("hooks/new.txt")).Should().Be("new");
        if (isJournalled)
        {
            world.Session.Changes.Undo().IsComplete.Should().BeTrue();
            File.ReadAllText(world.In("hooks/pre-commit")).Should().Be("inside");
            File.ReadAllText(world.In("hooks/new.txt")).Should().Be("new");
        }
    }

    [Fact]
    public void Undo_of_a_move_leaves_what_others_added_where_it_belongs()
    {
        using var world = NewWorld(_ => { }, FileConfinement.KernelBeneath, isJournalled: true, out _);
        Prepare(world);
        world.Guarded.Directory.Move("hooks", "moved");
        File.WriteAllText(world.In("moved/new.txt"), "new");

        world.Session.Changes.Undo().IsComplete.Should().BeTrue();

        File.ReadAllText(world.In("hooks/new.txt")).Should().Be("new");
        File.ReadAllText(world.In("hooks/pre-commit")).Should().Be("inside");
    }

    [Fact]
    public void Undo_of_a_new_folder_keeps_what_others_put_into_it()
    {
        using var world = NewWorld(_ => { }, FileConfinement.KernelBeneath, isJournalled: true, out _);
        world.Guarded.Directory.CreateDirectory("made");
        File.WriteAllText(world.In("made/new.txt"), "new");

        world.Session.Changes.Undo().Refused.Should().ContainSingle();

        File.ReadAllText(world.In("made/new.txt")).Should().Be("new");
    }

    private static void Prepare(AttackWorld world)
    {
        Directory.CreateDirectory(world.In("d"));
        world.Write("x.txt");
        world.Write("hooks/pre-commit");
    }

    private static AttackWorld NewWorld(
        Action<string> act, FileConfinement backend, bool isJournalled, out BetweenLayer between)
    {
        var root = string.Empty;
        var layer = new BetweenLayer(() => act(root));
        between = layer;
        var world = new AttackWorld(backend: backend, more: (guard, folder) =>
        {
            guard.AddLayer(layer);
            if (isJournalled)
            {
                guard.DefendInDepth(defense => defense.KeepJournal(Path.Combine(folder, "journal")));
            }
        });
        root = world.Root;
        return world;
    }
}
