using LangGuard.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LangGuard.Tests.Sessions;

public sealed class ConversationStoreTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly PolicySource _source;

    public ConversationStoreTests() => _source = new PolicySource(Policy.Create(guard => guard
        .UseTimeProvider(_time).AddLayer(TestLayer.AllowAll())));

    [Fact]
    public void A_conversation_that_the_host_started_is_trusted_and_goes_on()
    {
        using var store = Store();
        var id = store.Start(_source, Operations.Alice);

        using (var first = store.Lease(_source, Operations.Alice, id))
        {
            first.HoldsUntrustedContent.Should().BeFalse();
            first.MarkUntrusted();
        }

        using var second = store.Lease(_source, Operations.Alice, id);
        second.HoldsUntrustedContent.Should().BeTrue();
        second.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeTrue();
    }

    [Fact]
    public void A_lease_that_is_over_is_denied_while_the_conversation_goes_on()
    {
        using var store = Store();
        var id = store.Start(_source, Operations.Alice);
        var first = store.Lease(_source, Operations.Alice, id);
        first.Dispose();
        using var second = store.Lease(_source, Operations.Alice, id);

        first.TryAuthorize(Operations.Call("f")).Decision.Reason!.Rule.Should().Be("session.ended");
        second.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeTrue();
    }

    [Theory]
    [InlineData("bob", "contoso")]
    [InlineData("alice", "fabrikam")]
    [InlineData("alice", null)]
    [InlineData("ALICE", "contoso")]
    public void Only_the_owner_gets_in(string user, string? tenant)
    {
        using var store = Store();
        var id = store.Start(_source, Operations.Alice);

        store.Invoking(s => s.Lease(_source, new Principal(user, tenant), id)).Should().Throw<AccessDeniedException>()
            .Which.Decision.Reason!.Rule.Should().Be("session.foreign-conversation");
        store.End("default", new Principal(user, tenant), id).Should().BeFalse();
    }

    [Fact]
    public void The_same_id_at_another_agent_is_another_conversation()
    {
        using var store = Store();
        var other = new PolicySource(Policy.Create(_ => { }, "other"));
        var id = store.Start(_source, Operations.Alice);

        using var session = store.Lease(other, Operations.Alice, id);

        session.Agent.Should().Be("other");
        session.HoldsUntrustedContent.Should().BeTrue();
    }

    [Fact]
    public void What_was_forgotten_comes_back_untrusted()
    {
        using var store = Store();
        var id = store.Start(_source, Operations.Alice);
        _time.Advance(TimeSpan.FromHours(2));

        using var session = store.Lease(_source, Operations.Alice, id);

        session.HoldsUntrustedContent.Should().BeTrue();
    }

    [Fact]
    public void Changed_claims_start_the_conversation_anew_and_untrusted()
    {
        using var store = Store();
        var before = new Principal("alice", "contoso", [new("region", "eu")]);
        var id = store.Start(_source, before);
        var old = store.Lease(_source, before, id);

        using var session = store.Lease(_source, new Principal("alice", "contoso", [new("region", "us")]), id);

        session.Principal.Claims["region"].Should().Be("us");
        session.HoldsUntrustedContent.Should().BeTrue();
        old.HasEnded.Should().BeTrue();
    }

    [Fact]
    public void The_store_is_bounded_and_takes_nothing_that_is_in_use()
    {
        using var store = Store(capacity: 2);
        using var one = store.Lease(_source, new Principal("one"), "1");
        using (store.Lease(_source, new Principal("two"), "2"))
        {
            store.Invoking(s => s.Lease(_source, new Principal("three"), "3")).Should().Throw<AccessDeniedException>()
                .Which.Decision.Reason!.Rule.Should().Be("session.capacity");
        }

        using var three = store.Lease(_source, new Principal("three"), "3");

        store.Count.Should().Be(2);
        one.HasEnded.Should().BeFalse();
    }

    [Fact]
    public void One_principal_pushes_out_only_its_own_conversations()
    {
        using var store = Store(perPrincipal: 3);
        var bobs = store.Start(_source, new Principal("bob"));
        for (var i = 0; i < 50; i++)
        {
            store.Start(_source, Operations.Alice);
        }

        store.Count.Should().Be(4);
        using var session = store.Lease(_source, new Principal("bob"), bobs);
        session.HoldsUntrustedContent.Should().BeFalse();
    }

    [Fact]
    public void What_counts_for_a_principal_outlives_its_conversations()
    {
        using var store = Store();
        var id = store.Start(_source, Operations.Alice);
        Counter counter;
        using (var session = store.Lease(_source, Operations.Alice, id))
        {
            counter = session.PrincipalState<Counter>();
        }

        store.End("default", Operations.Alice, id).Should().BeTrue();
        using var again = store.Lease(_source, Operations.Alice, "another");
        again.PrincipalState<Counter>().Should().BeSameAs(counter);
        using var bob = store.Lease(_source, new Principal("bob"), "bobs");
        bob.PrincipalState<Counter>().Should().NotBeSameAs(counter);
    }

    [Fact]
    public void Leases_are_correct_in_parallel()
    {
        using var store = Store(capacity: 20);
        var ids = Enumerable.Range(0, 10).Select(i => new Principal($"user{i}"))
            .Select(principal => (principal, id: store.Start(_source, principal))).ToArray();

        Parallel.For(0, 2_000, i =>
        {
            var (principal, id) = ids[i % ids.Length];
            using var session = store.Lease(_source, principal, id);
            session.Principal.IsSameAs(principal).Should().BeTrue();
            session.TryAuthorize(Operations.Call("f", principal: principal)).IsAllowed.Should().BeTrue();
        });

        store.Count.Should().Be(10);
    }

    private ConversationStore Store(int capacity = 100, int perPrincipal = 100) =>
        new(new ConversationStoreOptions { Capacity = capacity, PerPrincipal = perPrincipal }, _time);

    private sealed class Counter
    {
        public int Value { get; set; }
    }
}
