using System.Text.Json;
using LangGuard.Misuse;
using LangGuard.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LangGuard.Tests.Misuse.Loops;

public sealed class LoopLayerTests
{
    private static GuardSession SessionOf(Action<LoopBuilder>? loops = null, TimeProvider? clock = null) =>
        GuardSession.Create(
            Policy.Create(policy => policy
                .AddLayer(new TestLayer("all-but-no", operation =>
                    operation.Resource == "no" ? Decision.Abstain : Votes.Allow(operation)))
                .UseTimeProvider(clock ?? TimeProvider.System)
                .AnticipateMisuse(misuse => misuse.DetectLoops(loops ?? (_ => { })))),
            Operations.Alice);

    private static FunctionOperation Call(string function, string arguments = "{}", Effects effects = Effects.Read)
    {
        using var json = JsonDocument.Parse(arguments);
        return new FunctionOperation(Operations.Alice, effects, function, json.RootElement.Clone());
    }

    private static string? Do(GuardSession session, Operation operation)
    {
        var answer = session.TryAuthorize(operation);
        if (answer.IsAllowed)
        {
            answer.Permit.Complete(OperationOutcome.Success());
        }

        return answer.Decision.Reason?.Rule;
    }

    [Fact]
    public void The_same_call_again_and_again_stops()
    {
        using var session = SessionOf(loops => loops.Repeats(3));
        for (var i = 0; i < 3; i++)
        {
            Do(session, Call("read", """{"path":"a"}""")).Should().BeNull();
        }

        Do(session, Call("read", """{"path":"a"}""")).Should().Be("loops.repeated-call");
        Do(session, Call("read", """{"path":"b"}""")).Should().BeNull();
    }

    [Fact]
    public void Alternating_calls_stop()
    {
        using var session = SessionOf(loops => loops.Repeats(3));
        var rules = Enumerable.Range(0, 8).Select(i => Do(session, Call(i % 2 == 0 ? "a" : "b"))).ToList();
        rules.Take(6).Should().AllSatisfy(rule => rule.Should().BeNull());
        rules.Skip(6).Should().AllBe("loops.repeated-call");
    }

    [Fact]
    public void Tiny_variations_stop_where_the_policy_says_so()
    {
        using var session = SessionOf(loops => loops.Variations(5));
        for (var i = 0; i < 5; i++)
        {
            Do(session, Call("read", $$"""{"path":"a{{i}}.txt"}""")).Should().BeNull();
        }

        Do(session, Call("read", """{"path":"a1234.txt"}""")).Should().Be("loops.varied-call");
    }

    [Fact]
    public void A_child_continues_the_loop_of_its_parent()
    {
        using var session = SessionOf(loops => loops.Repeats(2));
        using var child = session.CreateChild(session.Policy);
        Do(session, Call("a")).Should().BeNull();
        Do(child, Call("a")).Should().BeNull();
        Do(child, Call("a")).Should().Be("loops.repeated-call");
    }

    [Fact]
    public void The_same_denial_again_and_again_tells_the_model_to_ask_and_ends_after_a_pause()
    {
        var clock = new FakeTimeProvider();
        using var session = SessionOf(null, clock);
        for (var i = 0; i < 8; i++)
        {
            Do(session, Call("no")).Should().Be("functions.not-granted");
        }

        var answer = session.TryAuthorize(Call("no"));
        answer.Decision.Reason!.Rule.Should().Be("loops.repeated-denial");
        answer.Decision.Reason.Retry.Should().Be(Retry.AskUser);
        Do(session, Call("yes")).Should().BeNull();
        clock.Advance(TimeSpan.FromSeconds(31));
        Do(session, Call("no")).Should().Be("functions.not-granted");
    }

    [Fact]
    public void Errors_only_pause_the_kind_of_operation()
    {
        var clock = new FakeTimeProvider();
        using var session = SessionOf(loops => loops.Errors(3), clock);
        for (var i = 0; i < 3; i++)
        {
            session.Authorize(Call($"f{i}")).Dispose();
        }

        Do(session, Call("g")).Should().Be("loops.failing");
        clock.Advance(TimeSpan.FromSeconds(31));
        session.Authorize(Call("g")).Dispose();
        Do(session, Call("g")).Should().Be("loops.failing");
        clock.Advance(TimeSpan.FromSeconds(31));
        Do(session, Call("g")).Should().BeNull();
        Do(session, Call("g")).Should().BeNull();
    }

    [Fact]
    public void Sixty_pages_and_a_thousand_reads_are_ordinary()
    {
        using var session = SessionOf();
        for (var i = 0; i < 60; i++)
        {
            Do(session, Call("page", $$"""{"page":{{i}}}""")).Should().BeNull();
        }

        for (var i = 0; i < 1_000; i++)
        {
            Do(session, Call("read")).Should().BeNull();
        }
    }

    [Fact]
    public void A_flood_of_one_change_stops_by_default()
    {
        using var session = SessionOf();
        var rules = Enumerable.Range(0, 200)
            .Select(_ => Do(session, Call("log", effects: Effects.Write)))
            .ToList();
        rules.Count(rule => rule is null).Should().Be(100);
    }
}
