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
            .AnticipateMisuse(misuse => misuse.PlantCanaries(c => c.File("kb", "old/passwords.txt").Value("canary-4711-blue")))),
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
}
