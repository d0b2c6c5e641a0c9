using System.Collections.Concurrent;
using System.Net;
using LangGuard.Http;

namespace LangGuard.SecurityTests.Http;

/// <summary>A network whose every address is the server of the test; it records what was dialled.</summary>
internal sealed class ScriptedNetwork(int port, Func<string, int, string[]> answer) : EgressTransport, IAddressResolver
{
    private readonly ConcurrentDictionary<string, int> _asked = new();

    public ConcurrentQueue<IPEndPoint> Dialled { get; } = new();

    public IReadOnlyDictionary<string, int> Asked => _asked;

    public override bool IsOwnListener(IPEndPoint endPoint) => false;

    public override ValueTask<Stream> ConnectAsync(IPEndPoint endPoint, bool mayBeOwn, CancellationToken cancellationToken)
    {
        Dialled.Enqueue(endPoint);
        return base.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), mayBeOwn: true, cancellationToken);
    }

    public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var times = _asked.AddOrUpdate(host, 1, (_, before) => before + 1);
        return ValueTask.FromResult<IReadOnlyList<IPAddress>>([.. answer(host, times).Select(IPAddress.Parse)]);
    }

    public GuardSession CreateSession(params string[] rules) => CreateSession(_ => { }, rules);

    public GuardSession CreateSession(Action<PolicyBuilder> configure, params string[] rules) => GuardSession.Create(
        Policy.Create(guard =>
        {
            guard.LimitPermissions(allow =>
            {
                foreach (var rule in rules)
                {
                    allow.Http(rule + " trusted");
                }
            });
            guard.DefendInDepth(defense => defense.UseAddressResolver(this));
            guard.Collect<EgressOptions>().Transport = this;
            configure(guard);
        }),
        new Principal("alice"));
}
