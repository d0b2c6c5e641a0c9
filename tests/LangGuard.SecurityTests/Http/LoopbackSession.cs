using System.Net;
using LangGuard.Http;

namespace LangGuard.SecurityTests.Http;

/// <summary>A session whose rules may reach a server of the test on loopback.</summary>
internal static class LoopbackSession
{
    public static GuardSession Create(int port, params string[] rules) => Create(port, null, rules);

    public static GuardSession Create(int port, Action<PolicyBuilder>? configure, params string[] rules) =>
        GuardSession.Create(CreatePolicy(port, configure, rules), new Principal("alice"));

    public static Policy CreatePolicy(int port, Action<PolicyBuilder>? configure, params string[] rules) => Policy.Create(guard =>
    {
        guard.LimitPermissions(allow =>
        {
            foreach (var rule in rules)
            {
                allow.Http(rule.Replace("{port}", port.ToString(), StringComparison.Ordinal) + " private 127.0.0.0/8 trusted");
            }
        });
        guard.DefendInDepth(defense => defense.UseAddressResolver(new Everything()).AllowUnguardedListener(port));
        configure?.Invoke(guard);
    });

    private sealed class Everything : IAddressResolver
    {
        public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Loopback]);
    }
}
