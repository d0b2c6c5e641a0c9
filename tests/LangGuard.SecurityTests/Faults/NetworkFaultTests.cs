using System.Net;
using LangGuard.Auditing;
using LangGuard.Http;
using LangGuard.SecurityTests.Http;

namespace LangGuard.SecurityTests.Faults;

/// <summary>Resolvers and brokers that fail in every way: nothing is sent, a denial is recorded, nothing of the failure is told.</summary>
public sealed class NetworkFaultTests
{
    private const string Details = "Server=vault;Password=hunter2 at /srv/secret 10.1.2.3";

    [Theory]
    [InlineData("throws")]
    [InlineData("throws at once")]
    [InlineData("is cancelled")]
    [InlineData("says nothing")]
    [InlineData("knows no address")]
    [InlineData("names an address that is none")]
    [InlineData("hangs")]
    public async Task A_resolver_that_fails_sends_nothing(string how)
    {
        var never = new TaskCompletionSource<IReadOnlyList<IPAddress>>();
        await FailsAsync(
            (guard, _) => guard.Collect<EgressOptions>().Resolver = new Resolver(() => how switch
            {
                "throws" => ValueTask.FromException<IReadOnlyList<IPAddress>>(new InvalidOperationException(Details)),
                "throws at once" => throw new InvalidOperationException(Details),
                "is cancelled" => ValueTask.FromCanceled<IReadOnlyList<IPAddress>>(new CancellationToken(true)),
                "says nothing" => ValueTask.FromResult<IReadOnlyList<IPAddress>>(null!),
                "knows no address" => ValueTask.FromResult<IReadOnlyList<IPAddress>>([]),
                "names an address that is none" => ValueTask.FromResult<IReadOnlyList<IPAddress>>([null!]),
                _ => new ValueTask<IReadOnlyList<IPAddress>>(never.Task),
            }),
            "GET http://api.test:{port}/**");
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("throws at once")]
    [InlineData("is cancelled")]
    [InlineData("says nothing")]
    [InlineData("says a header of its own")]
    [InlineData("says too much")]
    [InlineData("hangs")]
    public async Task A_broker_that_fails_sends_nothing(string how)
    {
        var never = new TaskCompletionSource<string?>();
        await FailsAsync(
            (guard, port) => guard.LimitPermissions(allow => allow.Credential("key", $"http://api.test:{port}/**", credential => credential.Bearer().Read("vault/key")).UseCredentialBroker(new Broker(() => how switch
            {
                "throws" => ValueTask.FromException<string?>(new InvalidOperationException(Details)),
                "throws at once" => throw new InvalidOperationException(Details),
                "is cancelled" => ValueTask.FromCanceled<string?>(new CancellationToken(true)),
                "says nothing" => ValueTask.FromResult<string?>(null),
                "says a header of its own" => ValueTask.FromResult<string?>("abcdefghijkl\r\nX-Evil: 1"),
                "says too much" => ValueTask.FromResult<string?>(new string('x', 10_000_000)),
                _ => new ValueTask<string?>(never.Task),
            }))),
            "GET http://api.test:{port}/** inject key");
    }

    private static async Task FailsAsync(Action<PolicyBuilder, int> configure, string rule)
    {
        using var server = new ScriptedServer((stream, _, _) => ScriptedServer.SayAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        var records = new List<AuditRecord>();
        using var session = LoopbackSession.Create(
            server.Port,
            guard =>
            {
                configure(guard, server.Port);
                guard.DefendInDepth(defense => defense.Audit(new FaultWorld.Sink(record =>
                {
                    lock (records)
                    {
                        records.Add(record);
                    }
                })));
            },
            rule);
        var failure = (await FluentActions.Awaiting(() => session.HttpClient.GetAsync($"http://api.test:{server.Port}/x").WaitAsync(TimeSpan.FromSeconds(60)))
            .Should().ThrowAsync<Exception>()).Which;
        failure.Should().NotBeOfType<TimeoutException>("a part that does not answer is given up");
        failure.ToString().Should().NotContainAny("hunter2", "/srv/secret", "10.1.2.3");
        server.Heads.Should().BeEmpty();
        lock (records)
        {
            records.Should().NotBeEmpty();
            records.Should().NotContain(record => record.Phase == AuditPhase.Outcome && record.Outcome.Status == OutcomeStatus.Succeeded);
        }
    }

    private sealed class Resolver(Func<ValueTask<IReadOnlyList<IPAddress>>> resolve) : IAddressResolver
    {
        public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) => resolve();
    }

    private sealed class Broker(Func<ValueTask<string?>> ask) : ICredentialBroker
    {
        public ValueTask<string?> GetSecretAsync(CredentialRequest request, CancellationToken cancellationToken) => ask();
    }
}
