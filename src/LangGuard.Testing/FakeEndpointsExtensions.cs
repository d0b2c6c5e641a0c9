using System.Net;
using System.Net.Security;
using LangGuard.Http;
using LangGuard.Testing;

namespace LangGuard;

/// <summary>Puts fake endpoints at the end of the HTTP guard.</summary>
public static class FakeEndpointsExtensions
{
    /// <summary>Sends what the guard lets through to endpoints in memory instead of the network. For tests only.</summary>
    /// <param name="defense">The builder.</param>
    /// <param name="endpoints">The endpoints. The caller disposes them.</param>
    /// <param name="resolver">Resolves names; null for one public address for every name.</param>
    public static DefenseBuilder UseUnguardedEndpoints(
        this DefenseBuilder defense, FakeEndpoints endpoints, IAddressResolver? resolver = null)
    {
        ArgumentNullException.ThrowIfNull(defense);
        ArgumentNullException.ThrowIfNull(endpoints);
        var egress = defense.Policy.Collect<EgressOptions>();
        egress.Transport = new FakeTransport(endpoints);
        egress.Resolver = resolver ?? new AnyPublicAddress();
        return defense;
    }

    private sealed class FakeTransport(FakeEndpoints endpoints) : EgressTransport
    {
        public override SslClientAuthenticationOptions? Tls { get; } = new()
        {
            // Only the certificate of these very endpoints.
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate is not null && certificate.GetCertHash().AsSpan().SequenceEqual(endpoints.Certificate.GetCertHash()),
        };

        public override bool IsOwnListener(IPEndPoint endPoint) => false;

#pragma warning disable CA2000 // The handler owns the connection.
        public override ValueTask<Stream> ConnectAsync(IPEndPoint endPoint, bool mayBeOwn, CancellationToken cancellationToken) =>
            ValueTask.FromResult(endpoints.Connect(endPoint.Port));
#pragma warning restore CA2000
    }

    private sealed class AnyPublicAddress : IAddressResolver
    {
        public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Parse("93.184.215.14")]);
    }
}
