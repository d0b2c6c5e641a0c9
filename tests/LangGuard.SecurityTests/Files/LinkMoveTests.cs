namespace LangGuard.SecurityTests.Files;

/// <summary>A link that an agent made inside, and that a move turns into a door for whoever follows links without a guard.</summary>
public sealed class LinkMoveTests
{
    private const string Target = "../../outside/secret.txt";

    private static readonly Dictionary<string, (Action<System.IO.Abstractions.IFileSystem> Act, string Link)> Moves = new()
    {
        ["the link"] = (files => files.File.Move("a/b/k", "a/k"), "a/k"),
        ["the link over a file"] = (files => files.File.Move("a/b/k", "a/old.txt", overwrite: true), "a/old.txt"),
        ["the link as an object"] = (files => files.FileInfo.New("a/b/k").MoveTo("a/k"), "a/k"),
        ["its directory"] = (files => files.Directory.Move("a/b", "b"), "b/k"),
        ["its directory as an object"] = (files => files.DirectoryInfo.New("a/b").MoveTo("b"), "b/k"),
        ["a directory far above it"] = (files => files.Directory.Move("c/a", "a2"), "a2/k"),
    };

    public static TheoryData<string> Names => [.. Moves.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_move_turns_no_link_into_one_that_leads_out(string name)
    {
        using var world = Prepared();
        var (act, link) = Moves[name];

        FluentActions.Invoking(() => act(world.Guarded)).Should().Throw<AccessDeniedException>()
            .Which.Decision.Reason!.Rule.Should().Be("files.link-target");

        new FileInfo(world.In(link)).LinkTarget.Should().BeNull();
        File.ReadAllText(world.In("a/old.txt")).Should().Be("old");

        // Without the guard the same move makes a door for whoever follows links.
        var from = name.Contains("far", StringComparison.Ordinal) ? "c/a" : name.Contains("link", StringComparison.Ordinal) ? "a/b/k" : "a/b";
        if (Directory.Exists(world.In(from)))
        {
            Directory.Move(world.In(from), world.In(link[..^2]));
        }
        else
        {
            File.Move(world.In(from), world.In(link), overwrite: true);
        }

        File.ReadAllText(world.In(link)).Should().Be(AttackWorld.Secret);
    }

    [Theory]
    [InlineData("self/../outside/secret.txt")]
    [InlineData("./self/./../outside/secret.txt")]
    [InlineData("later/../outside/secret.txt")]
    [InlineData("a/b/../../outside/secret.txt")]
    public void A_link_climbs_behind_no_name(string target)
    {
        using var world = Prepared();
        world.Guarded.File.CreateSymbolicLink("self", ".");

        FluentActions.Invoking(() => world.Guarded.File.CreateSymbolicLink("door", target)).Should().Throw<AccessDeniedException>()
            .Which.Decision.Reason!.Rule.Should().Be("files.link-target");

        File.Exists(world.In("door")).Should().BeFalse();
        world.Link("control", "self/../outside/secret.txt");
        File.ReadAllText(world.In("control")).Should().Be(AttackWorld.Secret);
    }

    [Fact]
    public void Links_that_stay_inside_are_made_and_moved()
    {
        using var world = Prepared();
        world.Write("x.txt", "x");
        world.Guarded.File.CreateSymbolicLink("a/b/up", "../../x.txt");
        world.Guarded.File.CreateSymbolicLink("a/b/beside", "./here.txt");
        world.Guarded.File.Move("a/b/up", "c/a/up");
        world.Guarded.File.ReadAllText("c/a/up").Should().Be("x");
        world.Guarded.File.Delete("a/b/k");
        world.Guarded.Directory.Move("a/b", "b");
        world.Guarded.File.ReadAllText("b/beside").Should().Be("here");

        // What leads out already is the host's own and is moved as it is.
        world.Link("host", world.OutsideFile);
        world.Guarded.File.Move("host", "a/host");
        File.ReadAllText(world.In("a/host")).Should().Be(AttackWorld.Secret);
    }

    private static AttackWorld Prepared()
    {
        var world = new AttackWorld();
        world.Write("a/b/here.txt", "here");
        world.Write("a/old.txt", "old");
        world.Write("c/a/d.txt", "d");
        world.Guarded.File.CreateSymbolicLink("a/b/k", Target);
        world.Guarded.File.CreateSymbolicLink("c/a/k", Target);
        return world;
    }
}
