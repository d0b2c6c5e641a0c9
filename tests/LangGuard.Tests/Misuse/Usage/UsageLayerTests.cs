using LangGuard.Misuse;
using LangGuard.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LangGuard.Tests.Misuse.Usage;

public sealed class UsageLayerTests
{
    private static Policy PolicyOf(Action<MisuseBuilder> misuse, TimeProvider? clock = null) => Policy.Create(policy => policy
        .AddLayer(TestLayer.AllowAll())
        .UseTimeProvider(clock ?? TimeProvider.System)
        .AnticipateMisuse(misuse));

    private static GuardSession SessionOf(Action<MisuseBuilder> misuse, TimeProvider? clock = null) =>
        GuardSession.Create(PolicyOf(misuse, clock), Operations.Alice);

    private static string? RuleOf(Authorization answer) => answer.Decision.Reason?.Rule;

    [Fact]
    public void Exactly_the_quota_of_calls_gets_through_under_64_threads()
    {
        using var session = SessionOf(misuse => misuse.LimitUsage(u => u.Calls(1_000).Concurrency(64)));
        var allowed = 0;

        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 64 }, _ =>
        {
            for (var i = 0; i < 100; i++)
            {
                var answer = session.TryAuthorize(Operations.Call("f"));
                if (answer.IsAllowed)
                {
                    Interlocked.Increment(ref allowed);
                    answer.Permit.Complete(OperationOutcome.Success());
                }
            }
        });

        allowed.Should().Be(1_000);
    }

    [Fact]
    public void Never_more_than_the_quota_runs_at_the_same_time()
    {
        using var session = SessionOf(misuse => misuse.LimitUsage(u => u.Concurrency(5)));
        int running = 0, most = 0, allowed = 0;

        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 64 }, _ =>
        {
            for (var i = 0; i < 200; i++)
            {
                var answer = session.TryAuthorize(Operations.Call("f"));
                if (!answer.IsAllowed)
                {
                    RuleOf(answer).Should().Be("usage.concurrency");
                    continue;
                }

                Interlocked.Increment(ref allowed);
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                Interlocked.Decrement(ref running);
                answer.Permit.Complete(OperationOutcome.Success());
            }
        });

        most.Should().BeLessThanOrEqualTo(5);
        allowed.Should().BePositive();
    }

    [Fact]
    public void A_denied_attempt_counts()
    {
        using var session = GuardSession.Create(
            Policy.Create(policy => policy
                .AddLayer(new TestLayer("only-f", operation => operation.Resource == "f" ? Votes.Allow(operation) : Decision.Abstain))
                .AnticipateMisuse(misuse => misuse.LimitUsage(u => u.Calls(3)))),
            Operations.Alice);
        for (var i = 0; i < 3; i++)
        {
            RuleOf(session.TryAuthorize(Operations.Call($"g{i}"))).Should().Be("functions.not-granted");
        }

        RuleOf(session.TryAuthorize(Operations.Call("f"))).Should().Be("usage.calls");
    }

    [Fact]
    public void What_was_really_used_is_settled()
    {
        using var session = SessionOf(misuse => misuse.LimitUsage(u => u.BytesIn("1 KiB").Rows(10).BytesOut("1 KiB")));
        session.Authorize(Operations.Call("f")).Complete(OperationOutcome.Success(bytesIn: 1_000, rows: 9));
        session.Authorize(Operations.Call("f")).Complete(OperationOutcome.Success(rows: 1));
        RuleOf(session.TryAuthorize(Operations.Call("f"))).Should().Be("usage.rows");
    }

    [Fact]
    public void Bytes_that_are_known_beforehand_are_reserved()
    {
        HttpOperation Post(int length)
        {
            var url = LangGuard.Http.UrlCanonicalizer.Create(new Uri("https://api.test/x"), out _)!;
            return new HttpOperation(
                Operations.Alice, LangGuard.Permissions.HttpVerbs.Post, url, new LangGuard.Http.EgressRequest(HttpMethod.Post, url), new LangGuard.Http.RequestBody(new byte[length], true, null));
        }

        using var session = GuardSession.Create(
            Policy.Create(policy => policy
                .LimitPermissions(allow => allow.Http("POST https://api.test/x"))
                .AnticipateMisuse(misuse => misuse.LimitUsage(u => u.BytesOut("10")))),
            Operations.Alice);
        var first = session.TryAuthorize(Post(6));
        RuleOf(session.TryAuthorize(Post(6))).Should().Be("usage.bytes-out");
        if (first.IsAllowed)
        {
            first.Permit.Complete(OperationOutcome.Success(bytesOut: 2));
        }

        RuleOf(session.TryAuthorize(Post(9))).Should().Be("usage.bytes-out");
        RuleOf(session.TryAuthorize(Post(8))).Should().NotBe("usage.bytes-out");
    }

    [Fact]
    public void Running_time_adds_up_over_parallel_operations()
    {
        var clock = new FakeTimeProvider();
        using var session = SessionOf(misuse => misuse.LimitUsage(u => u.Time(TimeSpan.FromSeconds(10))), clock);
        var first = session.Authorize(Operations.Call("f"));
        var second = session.Authorize(Operations.Call("f"));
        clock.Advance(TimeSpan.FromSeconds(4));
        first.Complete(OperationOutcome.Success());
        second.Complete(OperationOutcome.Success());
        clock.Advance(TimeSpan.FromHours(1));
        var third = session.Authorize(Operations.Call("f"));
        clock.Advance(TimeSpan.FromSeconds(2));
        third.Complete(OperationOutcome.Success());
        RuleOf(session.TryAuthorize(Operations.Call("f"))).Should().Be("usage.time");
    }

    [Fact]
    public void A_period_begins_anew()
    {
        var clock = new FakeTimeProvider();
        using var session = SessionOf(misuse => misuse.LimitUsage(u => u.Calls(1).Per(TimeSpan.FromMinutes(1))), clock);
        session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeTrue();
        session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeFalse();
        clock.Advance(TimeSpan.FromMinutes(1));
        session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeTrue();
    }

    [Fact]
    public void A_child_shares_the_quota_and_does_not_count_twice()
    {
        var policy = PolicyOf(misuse => misuse.LimitUsage(u => u.Calls(4)));
        using var session = GuardSession.Create(policy, Operations.Alice);
        using var child = session.CreateChild(PolicyOf(misuse => misuse.LimitUsage(u => u.Calls(4))));
        child.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeTrue();
        session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeTrue();
        child.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeTrue();
        session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeTrue();
        RuleOf(child.TryAuthorize(Operations.Call("f"))).Should().Be("usage.calls");
    }

    [Fact]
    public void A_reload_does_not_count_twice_and_takes_the_lower_quota()
    {
        var source = new PolicySource(PolicyOf(misuse => misuse.LimitUsage(u => u.Calls(10))));
        using var session = GuardSession.Create(source, Operations.Alice);
        session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeTrue();
        source.Replace(PolicyOf(misuse => misuse.LimitUsage(u => u.Calls(3))));
        session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeTrue();
        session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeTrue();
        RuleOf(session.TryAuthorize(Operations.Call("f"))).Should().Be("usage.calls");
    }

    [Fact]
    public void One_function_and_one_surface_have_quotas_of_their_own()
    {
        using var session = SessionOf(misuse => misuse
            .LimitUsageOfFunction("f", u => u.Calls(1))
            .LimitUsage(Surface.Functions, u => u.Calls(3)));
        session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeTrue();
        RuleOf(session.TryAuthorize(Operations.Call("f"))).Should().Be("usage.calls");
        session.TryAuthorize(Operations.Call("g")).IsAllowed.Should().BeTrue();
        RuleOf(session.TryAuthorize(Operations.Call("g"))).Should().Be("usage.calls");
    }

    [Fact]
    public void Wrong_quotas_are_all_reported()
    {
        var build = () => PolicyOf(misuse => misuse
            .LimitUsage(u => u.Calls(-1).Concurrency(0).BytesOut("1 parsec").Time(TimeSpan.Zero)));
        build.Should().Throw<PolicyValidationException>().Which.Errors.Should().HaveCount(4);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}
