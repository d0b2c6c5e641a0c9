using System.Net;
using System.Net.Security;
using LangGuard.Http;

namespace LangGuard.Testing.Conformance;

/// <summary>Stands in for the network below the guard: every address leads to the server of the run. The guard does not know.</summary>
internal sealed class HttpWorld(HttpWire wire, IReadOnlyDictionary<string, string[]> dns) : EgressTransport, IAddressResolver
{
    /// <summary>The address that the guard last connected to; null before that.</summary>
    public IPAddress? Connected { get; private set; }

    public override SslClientAuthenticationOptions? Tls { get; } = wire.TrustOptions();

    public override bool IsOwnListener(IPEndPoint endPoint) => false;

    public override ValueTask<Stream> ConnectAsync(IPEndPoint endPoint, bool mayBeOwn, CancellationToken cancellationToken)
    {
        Connected = endPoint.Address;
        return wire.ConnectAsync(cancellationToken);
    }

    public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<IPAddress>>(
            dns.TryGetValue(host, out var addresses) ? [.. addresses.Select(IPAddress.Parse)] : []);
}
