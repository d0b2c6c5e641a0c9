using System.IO.Abstractions;
using System.Text;
using System.Text.Json;
using LangGuard.Misuse;
using LangGuard.Permissions;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Misuse.Canaries;

public sealed class CanaryLayerTests
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("canaries").FullName;

    private static GuardSession SessionOf() => GuardSession.Create(
        Policy.Create(policy => policy
            .AddLayer(new TestLayer("functions", operation => operation.Surface == Surface.Functions ? Votes.Allow(operation) : Decision.Abstain))
            .LimitPermissions(allow => allow.Files("kb", Folder, files => files.Read("**")))
            .AnticipateMisuse(misuse => misuse.PlantCanaryFile("kb", "old/passwords.txt").PlantCanaryValue("canary-4711-blue"))),
        Operations.Alice);

    private static FileOperation File(string path, FilePermissions permissions) =>
        new(Operations.Alice, Effects.Read, new FileTarget("kb", path, path, permissions));

    private static FunctionOperation Send(string body) =>
        new(Operations.Alice, Effects.Send, "send", JsonSerializer.SerializeToElement(new { body }));

    [Fact]
    public void Reading_a_canary_is_denied_and_freezes_the_session()
    {
        using var session = SessionOf();
        session.TryAuthorize(File("old/passwords.txt", FilePermissions.Read)).IsAllowed.Should().BeFalse();
        session.IsFrozen.Should().BeTrue();
        session.TryAuthorize(Operations.Call("f", Effects.Write)).Decision.Reason!.Rule.Should().Be("misuse.frozen");
    }

    [Fact]
    public void Another_letter_case_trips_too()
    {
        using var session = SessionOf();
        session.TryAuthorize(File("OLD/Passwords.TXT", FilePermissions.Read));
        session.IsFrozen.Should().BeTrue();
    }

    [Fact]
    public void Listing_and_reading_other_files_is_honest_work()
    {
        using var session = SessionOf();
        session.TryAuthorize(File("old", FilePermissions.List)).IsAllowed.Should().BeTrue();
        session.TryAuthorize(File("old/passwords.txt", FilePermissions.List)).IsAllowed.Should().BeTrue();
        session.TryAuthorize(File("old/notes.txt", FilePermissions.Read)).IsAllowed.Should().BeTrue();
        session.IsFrozen.Should().BeFalse();
    }

    [Fact]
    public void A_canary_value_does_not_leave_in_any_encoding()
    {
        foreach (var text in new[] { "canary-4711-blue", Convert.ToBase64String(Encoding.UTF8.GetBytes("canary-4711-blue")), "eulb-1174-yranac" })
        {
            using var session = SessionOf();
            session.TryAuthorize(Send(text)).IsAllowed.Should().BeFalse();
            session.IsFrozen.Should().BeTrue();
        }
    }

    [Fact]
    public void Deciding_alone_changes_nothing()
    {
        using var session = SessionOf();
        session.Policy.Decide(File("old/passwords.txt", FilePermissions.Read), session).Kind.Should().Be(DecisionKind.Deny);
        session.IsFrozen.Should().BeFalse();
    }

    private static string Tree()
    {
        var folder = Directory.CreateTempSubdirectory("canary-tree").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "old"));
        System.IO.File.WriteAllText(Path.Combine(folder, "old", "passwords.txt"), "swordfish");
        System.IO.File.WriteAllText(Path.Combine(folder, "old", "notes.txt"), "milk");
        return folder;
    }

    private static GuardSession On(string folder, bool planted) => GuardSession.Create(
        Policy.Create(policy => policy
            .LimitPermissions(allow => allow
                .Files("kb", folder, files => files.Read("**").Write("**").Delete("**"))
                .Files("old", Path.Combine(folder, "old"), files => files.Read("**")))
            .AnticipateMisuse(misuse => _ = planted ? misuse.PlantCanaryFile("kb", "old/passwords.txt") : misuse)),
        Operations.Alice);

    public static TheoryData<string, Action<IFileSystem>> Ways => new()
    {
        { "move the directory above and read it there", files =>
            {
                files.Directory.Move("/kb/old", "/kb/new");
                files.File.ReadAllText("/kb/new/passwords.txt").Should().Be("swordfish");
            }
        },
        { "delete the directory above", files => files.Directory.Delete("/kb/old", recursive: true) },
        { "another root on the same directory", files => files.File.ReadAllText("/old/passwords.txt").Should().Be("swordfish") },
        { "copy", files => files.File.Copy("/kb/old/passwords.txt", "/kb/x.txt") },
        { "move", files => files.File.Move("/kb/old/passwords.txt", "/kb/x.txt") },
        { "open for appending", files => files.File.AppendAllText("/kb/old/passwords.txt", "x") },
        { "stream", files => files.File.OpenRead("/kb/old/passwords.txt").Dispose() },
        { "dots on the way", files => files.File.ReadAllText("/kb/old/../old/./passwords.txt") },
        { "file information", files => files.FileInfo.New("/kb/old/passwords.txt").OpenText().Dispose() },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_way_to_a_canary_trips(string way, Action<IFileSystem> open)
    {
        using (var free = On(Tree(), planted: false))
        {
            free.Invoking(session => open(session.FileSystem)).Should().NotThrow("without a canary one can {0}", way);
        }

        using var session = On(Tree(), planted: true);
        session.Invoking(one => open(one.FileSystem)).Should().Throw<UnauthorizedAccessException>(way);
        session.IsFrozen.Should().BeTrue(way);
    }

    [Fact]
    public void An_honest_search_under_every_root_does_not_trip()
    {
        using var session = On(Tree(), planted: true);
        foreach (var root in new[] { "/kb", "/old" })
        {
            session.FileSystem.Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Should().NotBeEmpty();
            session.FileSystem.File.Exists(root + "/passwords.txt").Should().Be(root == "/old");
        }

        session.FileSystem.File.ReadAllText("/old/notes.txt").Should().Be("milk");
        session.IsFrozen.Should().BeFalse();
    }
}
