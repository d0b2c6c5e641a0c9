using System.Text.Json;
using LangGuard.Replay;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Replay;

public sealed class PolicyRecorderTests
{
    private static readonly Random Seeded = new(17);

    private static IEnumerable<Operation> Run()
    {
        yield return Call("search", new { query = "orders", limit = 10 });
        yield return Call("search", new { query = "customers", limit = 10 });
        yield return Call("send_mail", new { to = "bob@contoso.test", cc = new[] { "eve@contoso.test" } });
        yield return Get("https://api.test/v1/orders?page=1");
        yield return Get("https://api.test/v1/orders?page=2");
        yield return Get("https://api.test/v1/orders/17");
    }

    private static FunctionOperation Call(string function, object arguments) =>
        new(Operations.Alice, Effects.Read, function, JsonSerializer.SerializeToElement(arguments));

    private static HttpOperation Get(string url, string method = "GET") => new(Operations.Alice, Effects.Read, method, new Uri(url));

    private static PolicyRecorder Record()
    {
        var recorder = new PolicyRecorder();
        using var session = GuardSession.Create(
            Policy.Create(policy => policy
                .LimitPermissions(allow => allow
                    .Http("GET https://api.test/** query *")
                    .Function("search", f => f.OnlyReads().UnguardedArguments())
                    .Function("send_mail", f => f.OnlyReads().UnguardedArguments()))
                .AnticipateMisuse(misuse => misuse.UnguardedUntrustedContent())
                .DefendInDepth(defense => defense.Audit(recorder))),
            Operations.Alice);
        foreach (var operation in Run())
        {
            session.Authorize(operation).Complete(OperationOutcome.Success());
        }

        return recorder;
    }

    private static Policy Load(string json) => Policy.Create(policy => policy.FromConfiguration(Configurations.FromJson($$"""{"Agent":{{json}}}""").GetSection("Agent")));

    [Fact]
    public void The_learnt_policy_allows_the_run_and_denies_a_hundred_others()
    {
        var text = Record().Learn();
        Record().Learn().Should().Be(text, "the same run gives the same policy");
        var policy = Load(text);
        using var session = GuardSession.Create(policy, Operations.Alice);
        foreach (var operation in Run())
        {
            policy.Decide(operation, session).IsAllowed.Should().BeTrue(operation.CanonicalEffect);
        }

        for (var i = 0; i < 100; i++)
        {
            policy.Decide(Other(i), session).IsAllowed.Should().BeFalse();
        }
    }

    [Fact]
    public void Replay_says_what_another_policy_would_have_changed()
    {
        var recorder = Record();
        recorder.Replay(Load(recorder.Learn())).Should().BeEmpty();
        var differences = recorder.Replay(Policy.Create(policy => policy.LimitPermissions(allow => allow.Http("GET https://api.test/v1/orders query page:int"))));
        differences.Should().HaveCount(4).And.OnlyContain(difference => difference.Before.IsAllowed && !difference.After.IsAllowed);
    }

    [Fact]
    public void Examples_are_checked_when_the_policy_is_built()
    {
        var right = () => Policy.Create(policy => policy
            .LimitPermissions(allow => allow.Http("GET https://api.test/v1/orders"))
            .MustAllow(Get("https://api.test/v1/orders"))
            .MustNotAllow(Get("https://api.test/v1/users"), Get("https://api.test/v1/orders", "DELETE")));
        right.Should().NotThrow();
        var wrong = () => Policy.Create(policy => policy
            .LimitPermissions(allow => allow.Http("GET https://api.test/**"))
            .MustAllow(Get("https://other.test/"))
            .MustNotAllow(Get("https://api.test/v1/users")));
        wrong.Should().Throw<PolicyValidationException>().Which.Errors.Should().HaveCount(2);
    }

    private static Operation Other(int i)
    {
        var word = $"w{Seeded.Next(1_000_000)}";
        return (i % 5) switch
        {
            0 => Call(word, new { query = "orders" }),
            1 => Call("search", new { query = word, limit = 10 }),
            2 => Call("send_mail", new { to = $"{word}@evil.test" }),
            3 => Get($"https://api.test/v1/{word}"),
            _ => Get($"https://{word}.test/v1/orders"),
        };
    }
}
