using LangGuard.Permissions;

namespace LangGuard.SecurityTests.Files;

/// <summary>A second policy for the same root only narrows: what it refuses is refused, though the guard holds the root by the
/// first.</summary>
public sealed class NarrowingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_child_that_minds_hard_links_does_not_get_them(bool deniesAll)
    {
        using var world = new AttackWorld(files => files.Read("**").Write("**").UnguardedHardLinks());
        world.HardLink("linked.txt", world.OutsideFile);
        world.Write("plain.txt");
        using var child = Narrow(world, files =>
        {
            _ = deniesAll ? files.Read("**").Write("**").DenyHardLinks() : files.Read("**").Write("**");
        });

        world.Guarded.File.ReadAllText("linked.txt").Should().Be(AttackWorld.Secret, "the first policy does not mind");
        Rule(() => child.FileSystem.File.ReadAllText("linked.txt")).Should().Be("files.hard-link");
        Rule(() => child.FileSystem.File.WriteAllText("linked.txt", "x")).Should().Be("files.hard-link");
        child.FileSystem.File.ReadAllText("plain.txt").Should().Be("inside");
    }

    [Fact]
    public void A_child_that_wants_portable_names_gets_no_others()
    {
        using var world = new AttackWorld();
        world.Write("nul.txt");
        world.Write("plain.txt");
        using var child = Narrow(world, files => files.Read("**").UsePortableNames());

        world.Guarded.File.ReadAllText("nul.txt").Should().Be("inside");
        Rule(() => child.FileSystem.File.ReadAllText("nul.txt")).Should().Be("files.unclear-name");
        child.FileSystem.File.ReadAllText("plain.txt").Should().Be("inside");
    }

    [Fact]
    public void A_child_that_refuses_other_mounts_does_not_work_through_a_root_that_spans_them()
    {
        using var world = new AttackWorld();
        world.Write("plain.txt");
        using var child = Narrow(world, files => files.Read("**").RefuseOtherMounts());

        Rule(() => child.FileSystem.File.ReadAllText("plain.txt")).Should().Be("files.other-mount");
    }

    private static GuardSession Narrow(AttackWorld world, Action<FileRootBuilder> configure) =>
        world.Session.CreateChild(Policy.Create(guard => guard.LimitPermissions(allow => allow.Files("kb", world.Root, files =>
        {
            configure(files);
            files.Trusted("**");
        }))));

    private static string? Rule(Action act) => act.Should().Throw<AccessDeniedException>().Which.Decision.Reason?.Rule;
}
