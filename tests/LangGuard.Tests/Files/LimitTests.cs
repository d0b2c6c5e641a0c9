using LangGuard.Permissions;

namespace LangGuard.Tests.Files;

/// <summary>Limits hold before the effect, for every way of writing and reading.</summary>
public sealed class LimitTests
{
    [Fact]
    public void Denies_a_read_over_the_limit_and_says_so()
    {
        using var world = Limited(limits => limits.ReadBytes = 4).With("big.txt", "12345").With("small.txt", "1234");

        world.Guarded.File.ReadAllText("small.txt").Should().Be("1234");
        Rule(() => world.Guarded.File.ReadAllText("big.txt")).Should().Be("files.read-limit");
        Rule(() => new StreamReader(world.Guarded.File.OpenRead("big.txt")).ReadToEnd()).Should().Be("files.read-limit");
    }

    [Theory]
    [InlineData("all")]
    [InlineData("append")]
    [InlineData("stream")]
    [InlineData("length")]
    [InlineData("sparse")]
    [InlineData("handle")]
    [InlineData("copy")]
    [InlineData("byte")]
    public void Denies_a_file_that_would_become_too_large(string way)
    {
        using var world = Limited(limits => limits.WriteBytes = 8).With("a.txt", "12345678").With("source.txt", "123456789");
        var files = world.Guarded.File;

        var rule = Rule(() => Act(way));

        rule.Should().Be("files.write-limit");
        new FileInfo(world.In("a.txt")).Length.Should().Be(8);
        void Act(string kind)
        {
            switch (kind)
            {
                case "all":
                    files.WriteAllText("a.txt", "123456789");
                    break;
                case "append":
                    files.AppendAllText("a.txt", "9");
                    break;
                case "copy":
                    files.Copy("source.txt", "a.txt", overwrite: true);
                    break;
                case "handle":
                    using (var handle = files.OpenHandle("a.txt", FileMode.Open, FileAccess.Write))
                    {
                        world.Guarded.RandomAccess.Write(handle, "9"u8, 8);
                    }

                    break;
                default:
                    using (var stream = files.Open("a.txt", FileMode.Open))
                    {
                        if (kind == "length")
                        {
                            stream.SetLength(1L << 40);
                        }

                        stream.Seek(kind == "sparse" ? 1L << 40 : 8, SeekOrigin.Begin);
                        if (kind == "byte")
                        {
                            stream.WriteByte(1);
                        }

                        stream.Write("9"u8);
                    }

                    break;
            }
        }
    }

    [Fact]
    public void Counts_the_bytes_of_a_session_over_every_way_of_writing()
    {
        using var world = Limited(limits => limits.SessionWriteBytes = 10);
        var files = world.Guarded.File;

        files.WriteAllText("a.txt", "1234");
        files.AppendAllText("a.txt", "12");
        using (var stream = files.Create("b.txt"))
        {
            stream.SetLength(4);
            Rule(() => stream.Write("12345"u8)).Should().Be("files.session-write-limit");
        }

        Rule(() => files.WriteAllText("c.txt", "1")).Should().Be("files.session-write-limit");
        File.Exists(world.In("c.txt")).Should().BeFalse();
    }

    [Fact]
    public void Gives_back_what_was_not_used()
    {
        using var world = Limited(limits => limits.SessionReadBytes = 100).With("a.txt", "1234567890");
        var files = world.Guarded.File;

        for (var i = 0; i < 10; i++)
        {
            using var stream = files.OpenRead("a.txt");
            var buffer = new byte[1000];
            stream.Read(buffer).Should().Be(10);
            stream.Read(buffer).Should().Be(0);
        }

        Rule(() => files.ReadAllText("a.txt")).Should().Be("files.session-read-limit");
    }

    [Fact]
    public void Counts_new_files_and_folders()
    {
        using var world = Limited(limits => limits.SessionFiles = 3);

        world.Guarded.Directory.CreateDirectory("x/y");
        world.Guarded.File.WriteAllText("a.txt", "1");
        world.Guarded.File.WriteAllText("a.txt", "2");

        Rule(() => world.Guarded.File.WriteAllText("b.txt", "1")).Should().Be("files.session-file-limit");
        Rule(() => world.Guarded.Directory.CreateDirectory("z")).Should().Be("files.session-file-limit");
    }

    [Fact]
    public void Denies_a_listing_over_the_limit_instead_of_cutting_it()
    {
        using var world = Limited(limits => limits.Entries = 3).With("a").With("b").With("c");

        world.Guarded.Directory.GetFiles(".").Should().HaveCount(3);
        world.With("d");
        Rule(() => world.Guarded.Directory.GetFiles(".")).Should().Be("files.entry-limit");
        Rule(() => world.Guarded.Directory.EnumerateFiles(".").First()).Should().Be("files.entry-limit");
    }

    [Fact]
    public void Denies_a_listing_that_is_too_deep()
    {
        using var world = Limited(limits => limits.Depth = 1).With("x/y/z.txt");

        world.Guarded.Directory.GetFiles("x").Should().BeEmpty();
        Rule(() => world.Guarded.Directory.GetFiles(".", "*", SearchOption.AllDirectories)).Should().Be("files.depth-limit");
    }

    [Fact]
    public void Denies_a_recursive_delete_of_a_large_tree_whole()
    {
        using var world = Limited(limits => limits.TreeEntries = 2).With("x/a").With("x/b").With("x/c");

        Rule(() => world.Guarded.Directory.Delete("x", true)).Should().Be("files.tree-limit");
        Rule(() => world.Guarded.Directory.Move("x", "y")).Should().Be("files.tree-limit");
        Directory.GetFiles(world.In("x")).Should().HaveCount(3);
    }

    [Fact]
    public void Limits_open_files_and_frees_them()
    {
        using var world = Limited(limits => limits.OpenFiles = 2).With("a.txt");
        var files = world.Guarded.File;
        using var handle = files.OpenHandle("a.txt");
        using (files.OpenRead("a.txt"))
        {
            Rule(() => files.OpenRead("a.txt")).Should().Be("files.open-limit");
        }

        files.OpenRead("a.txt").Dispose();
        handle.Dispose();
        using var first = files.OpenRead("a.txt");
        using var second = files.OpenRead("a.txt");
    }

    [Fact]
    public void A_rule_can_only_be_stricter_than_its_root()
    {
        using var world = new FileWorld(files => files
            .Read("**").Limit(limits => limits.ReadBytes = 4)
            .Read("tight/**", rule => rule.Limits.ReadBytes = 2)
            .Read("loose/**", rule => rule.Limits.ReadBytes = 100));
        world.With("a.txt", "1234").With("tight/a.txt", "123").With("loose/a.txt", "12345");

        world.Guarded.File.ReadAllText("a.txt").Should().Be("1234");
        Rule(() => world.Guarded.File.ReadAllText("tight/a.txt")).Should().Be("files.read-limit");
        Rule(() => world.Guarded.File.ReadAllText("loose/a.txt")).Should().Be("files.read-limit");
    }

    [Fact]
    public void A_child_session_shares_the_counters()
    {
        using var world = Limited(limits => limits.SessionWriteBytes = 4);
        using var child = world.Session.CreateChild(world.Session.Policy);

        world.Guarded.File.WriteAllText("a.txt", "123");

        Rule(() => child.FileSystem.File.WriteAllText("b.txt", "12")).Should().Be("files.session-write-limit");
    }

    [Fact]
    public void Refuses_negative_limits_when_the_policy_is_built()
    {
        var build = () => Limited(limits => limits.Entries = -1);

        build.Should().Throw<PolicyValidationException>().Which.Errors.Should().ContainSingle()
            .Which.Path.Should().Be("LimitPermissions:Files:kb:Limits:Entries");
    }

    private static FileWorld Limited(Action<FileLimitOptions> limit) => new(files =>
    {
        FileWorld.Everything(files);
        files.Limit(limit);
    });

    private static string Rule(Action act) => act.Should().Throw<AccessDeniedException>().Which.Decision.Reason!.Rule;

    private static string Rule<T>(Func<T> act) => act.Should().Throw<AccessDeniedException>().Which.Decision.Reason!.Rule;
}
