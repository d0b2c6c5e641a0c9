using CsCheck;
using LangGuard.Files;
using LangGuard.Permissions;

namespace LangGuard.Tests.Files;

/// <summary>Names of every shape: never outside, never anything but the documented exceptions, and what was matched is what
/// is opened.</summary>
public sealed class PathParserTests
{
    private static readonly string[] Pieces =
    [
        "a", "b.txt", "..", ".", "", "/", "//", "...", "a..b", "..a", "kb", "root", "outside", "secret.txt", "link", "up", "dl", "~", "%2e%2e",
        "\\", "..\\", "C:", "a\0b", "\uD800", "é", "e\u0301", "日本", "🙂", " ", "\t", "*", "?", "\u202E", "．．", "con", "x:y", "proc", "self", "root/..",
    ];

    private static readonly Gen<string> Names = Gen.Select(
        Gen.Int[0, Pieces.Length - 1].Select(index => Pieces[index]).List[0, 9],
        Gen.Int[0, 2],
        (pieces, join) => string.Join(join == 0 ? string.Empty : "/", pieces));

    [Theory]
    [InlineData(FileConfinement.KernelBeneath)]
    [InlineData(FileConfinement.HandleWalk)]
    [InlineData(FileConfinement.VerifyAfterOpen)]
    public void Whatever_the_name_nothing_outside_is_read_or_changed(FileConfinement backend)
    {
        using var world = new FileWorld(backend: backend).With("a/b.txt").With("b.txt").With("kb/a");
        var outside = Path.Combine(world.Folder, "outside");
        Directory.CreateDirectory(outside);
        File.WriteAllText(Path.Combine(outside, "secret.txt"), "OUTSIDE");
        File.CreateSymbolicLink(world.In("link"), Path.Combine(outside, "secret.txt"));
        File.CreateSymbolicLink(world.In("up"), "..");
        File.CreateSymbolicLink(world.In("dl"), outside);
        File.CreateSymbolicLink(world.In("a/root"), world.Root);

        Gen.Select(Names, Gen.Int[0, 5]).Sample(
            (name, kind) =>
            {
                var text = name.Replace("root", world.Root, StringComparison.Ordinal);
                try
                {
                    Act(world.Guarded, kind, text).Should().NotContain("OUTSIDE");
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
                {
                    error.Message.Should().NotContain("OUTSIDE");
                }

                return File.ReadAllText(Path.Combine(outside, "secret.txt")) == "OUTSIDE"
                    && Directory.GetFileSystemEntries(outside).Length == 1
                    && Directory.GetFileSystemEntries(world.Folder).Length == 2;
            },
            iter: 3_000,
            threads: 1);
    }

    [Fact]
    public void A_parsed_name_has_no_parts_that_mean_something_else()
    {
        using var world = new FileWorld();
        var parser = new PathParser([OpenRoot(world)]);

        Names.Sample(name =>
        {
            var parsed = parser.Parse(name, parser.Start);
            if (parsed.Root is null)
            {
                return parsed.Problem != PathProblem.None;
            }

            var parts = parsed.Name.Length == 0 ? [] : parsed.Name.Split('/');
            return Array.TrueForAll(parts, part => part is not ("" or "." or "..") && !part.Contains('\0', StringComparison.Ordinal))
                && parser.Parse(parsed.Root.Display(parsed.Name), parser.Start).Name == parsed.Name;
        });
    }

    [Theory]
    [InlineData("a.txt", "a.txt")]
    [InlineData("./a.txt", "a.txt")]
    [InlineData("a//b.txt", "a/b.txt")]
    [InlineData("a/b/../c", "a/c")]
    [InlineData("/kb/a", "a")]
    [InlineData("/kb", "")]
    [InlineData(".", "")]
    [InlineData("../kb/a", "a")]
    [InlineData("a\\b", "a\\b")]
    [InlineData("...", "...")]
    public void Reads_names_as_the_platform_does(string path, string name)
    {
        using var world = new FileWorld();
        var parser = new PathParser([OpenRoot(world)]);

        parser.Parse(path, parser.Start).Name.Should().Be(name);
        parser.Parse(path, parser.Start).Problem.Should().Be(PathProblem.None);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("/")]
    [InlineData("/etc/passwd")]
    [InlineData("/kbx/a")]
    [InlineData("//etc/passwd")]
    [InlineData("../../../../kb2")]
    public void Refuses_what_is_beneath_no_root(string path)
    {
        using var world = new FileWorld();
        var parser = new PathParser([OpenRoot(world)]);

        parser.Parse(path, parser.Start).Problem.Should().Be(PathProblem.Outside);
    }

    [Fact]
    public void Several_roots_are_told_apart_by_the_first_part()
    {
        using var first = new FileWorld();
        using var second = new FileWorld();
        second.With("b.txt", "second");
        first.With("a.txt", "first");
        using var session = Support.Operations.SessionOf(guard => guard.LimitPermissions(allow => allow
            .Files("one", first.Root, files => files.Read("**").Delete("**").Write("**").Trusted("**"))
            .Files("two", second.Root, files => files.Read("**").Write("**").Trusted("**"))));
        var files = session.FileSystem;

        files.Directory.GetCurrentDirectory().Should().Be("/");
        files.File.ReadAllText("one/a.txt").Should().Be("first");
        files.File.ReadAllText("/two/b.txt").Should().Be("second");
        files.File.ReadAllText(first.In("a.txt")).Should().Be("first");
        files.File.Move("/one/a.txt", "/two/moved.txt");
        File.ReadAllText(second.In("moved.txt")).Should().Be("first");
        var crossing = () => files.File.Move("/two/moved.txt", "/one/back.txt");
        crossing.Should().Throw<AccessDeniedException>("nothing may be deleted in the second root");
    }

    private static FileRoot OpenRoot(FileWorld world)
    {
        FileRootOpener.TryOpen("kb", new FileRootOptions { Root = world.Root }, new ProtectedIdentities([]), new LangGuard.Ablation.WallsOff(), out var root).Should().BeNull();
        return root!;
    }

    private static string Act(GuardedFileSystem files, int kind, string name)
    {
        switch (kind)
        {
            case 0:
                return files.File.ReadAllText(name);
            case 1:
                files.File.WriteAllText(name, "X");
                return string.Empty;
            case 2:
                return string.Join(',', files.Directory.GetFileSystemEntries(name));
            case 3:
                files.File.AppendAllText(name, "X");
                return string.Empty;
            case 4:
                return files.File.Exists(name).ToString() + files.Path.GetFullPath(name);
            default:
                files.File.Copy("b.txt", name, overwrite: true);
                return string.Empty;
        }
    }
}
