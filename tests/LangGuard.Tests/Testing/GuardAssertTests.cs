using LangGuard.Testing;
using LangGuard.Tests.Files;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Testing;

public sealed class GuardAssertTests
{
    [Fact]
    public void A_denial_by_the_expected_rule_passes_and_is_returned()
    {
        using var world = new FileWorld();

        GuardAssert.Denied("files.outside-root", () => world.Guarded.File.ReadAllText("../x")).Decision.Reason!.Rule.Should().Be("files.outside-root");
    }

    [Fact]
    public async Task Whatever_else_happens_fails_and_says_what_it_was()
    {
        using var world = new FileWorld();
        world.With("a.txt");

        FluentActions.Invoking(() => GuardAssert.Denied("files.outside-root", () => world.Guarded.File.ReadAllText("a.txt")))
            .Should().Throw<GuardAssertionException>().WithMessage("*it was allowed*");
        FluentActions.Invoking(() => GuardAssert.Denied("http.endpoint", () => world.Guarded.File.ReadAllText("../x")))
            .Should().Throw<GuardAssertionException>().WithMessage("*it was 'files.outside-root*");
        FluentActions.Invoking(() => GuardAssert.Denied("files.outside-root", () => world.Guarded.File.ReadAllText("missing.txt")))
            .Should().Throw<GuardAssertionException>().WithMessage("*FileNotFoundException*");
        await FluentActions.Awaiting(() => GuardAssert.DeniedAsync("files.outside-root", () => Task.CompletedTask))
            .Should().ThrowAsync<GuardAssertionException>();
    }

    [Fact]
    public void A_policy_is_asked_without_executing_anything()
    {
        var policy = Policy.Create(guard => guard.LimitPermissions(allow => allow.Function("read", f => f.OnlyReads())));

        GuardAssert.Allows(policy, Operations.Call("read"));
        GuardAssert.Denies(policy, Operations.Call("write"), "functions.not-granted");
        FluentActions.Invoking(() => GuardAssert.Allows(policy, Operations.Call("write")))
            .Should().Throw<GuardAssertionException>().WithMessage("*functions.not-granted*LimitPermissions*");
        FluentActions.Invoking(() => GuardAssert.Denies(policy, Operations.Call("read"), "functions.not-granted"))
            .Should().Throw<GuardAssertionException>();
    }

    [Fact]
    public void The_sink_keeps_decisions_and_outcomes()
    {
        var sink = new RecordingAuditSink();
        using var world = new FileWorld(null, null, guard => guard.DefendInDepth(defense => defense.Audit(sink)));
        world.With("a.txt").Guarded.File.ReadAllText("a.txt");
        world.Invoking(w => w.Guarded.File.ReadAllText("../x")).Should().Throw<AccessDeniedException>();

        sink.Decisions.Should().HaveCount(2);
        sink.DeniedRules.Should().Equal("files.outside-root");
        sink.Records.Count.Should().Be(3, "the allowed one has an outcome too");
    }
}
