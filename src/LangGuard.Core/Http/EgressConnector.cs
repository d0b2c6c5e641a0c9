using System.Net;
using System.Net.Sockets;
using LangGuard.Ablation;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>
/// Makes the connections of one pool: resolve once, check every address, connect to nothing else. Names are never handed to
/// a socket, which would resolve them a second time.
/// </summary>
internal sealed class EgressConnector(
    EgressOptions options, IAddressResolver resolver, EgressPool pool, EgressProxy? proxy, IReadOnlyList<IPNetwork> privateNetworks,
    WallsOff off)
{
    private static readonly TimeSpan LookupTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(3);

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var endPoint = context.DnsEndPoint;
        var isProxy = proxy is not null && proxy.IsAt(endPoint);
        if (!isProxy)
        {
            // Invariant: a connection exists only for a request that was granted, to the endpoint that was granted.
            if (proxy is not null || context.InitialRequestMessage is not EgressRequest request || !request.IsFor(endPoint))
            {
                throw EgressDenial.Of(HttpReasons.Unbound);
            }
        }

        var addresses = await ResolveAsync(endPoint.Host, cancellationToken).ConfigureAwait(false);
        if (addresses.Count == 0)
        {
            throw EgressDenial.Of(HttpReasons.NoAddress);
        }

        foreach (var address in addresses)
        {
            if (!(isProxy ? IsProxyAddress(address) : IsOpen(address)))
            {
                throw EgressDenial.Of(HttpReasons.PrivateAddress);
            }

            if (!isProxy)
            {
                CheckOwnListener(address, endPoint.Port);
            }
        }

        foreach (var address in addresses)
        {
            if (!(isProxy ? SocketGate.IsOpenToProxy(address) : SocketGate.IsOpen(address, privateNetworks)) && !off.Has(Wall.SocketGate))
            {
                throw EgressDenial.Of(HttpReasons.PrivateAddress);
            }
        }

        var mayBeOwn = isProxy || options.UnguardedListeners.Contains(endPoint.Port)
            || off.Has(Wall.OwnListeners);
        var stream = await ConnectAsync(addresses, endPoint.Port, mayBeOwn, cancellationToken).ConfigureAwait(false);
        pool.Keep(stream);
        return stream;
    }

    private static bool IsProxyAddress(IPAddress address) => AddressClassifier.Classify(address)
        is AddressKind.Public or AddressKind.Private or AddressKind.Loopback or AddressKind.UniqueLocal;

    private bool IsOpen(IPAddress address) =>
        AddressClassifier.Classify(address) == AddressKind.Public || PrivateNetworks.Opens(privateNetworks, address)
        || off.Has(Wall.Addresses);

    private void CheckOwnListener(IPAddress address, int port)
    {
        if (!off.Has(Wall.OwnListeners) && AddressClassifier.Classify(address) != AddressKind.Public && !options.UnguardedListeners.Contains(port)
            && options.Transport.IsOwnListener(new IPEndPoint(address, port)))
        {
            throw EgressDenial.Of(HttpReasons.OwnListener);
        }
    }

    private async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host.AsSpan().Trim("[]"), out var literal))
        {
            return [literal];
        }

        if (HostName.TryCanonicalize(host, out var name) != UrlProblem.None)
        {
            throw EgressDenial.Of(HttpReasons.Url(UrlProblem.HostName));
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(LookupTimeout);
        try
        {
            var answer = await resolver.ResolveAsync(name, timeout.Token).AsTask().WaitAsync(timeout.Token).ConfigureAwait(false);

            // A copy: the resolver could change its list between the check and the connection.
            return [.. answer];
        }
        catch (SocketException error)
        {
            // What the platform says of a name that does not exist, without any text of the resolver's own.
            throw new SocketException((int)error.SocketErrorCode);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The text of a resolver may hold anything, so none of it goes on.
            throw EgressDenial.Of(HttpReasons.NoAddress);
        }
    }

    private async ValueTask<Stream> ConnectAsync(
        IReadOnlyList<IPAddress> addresses, int port, bool mayBeOwn, CancellationToken cancellationToken)
    {
        for (var i = 0; ; i++)
        {
            var isLast = i == addresses.Count - 1;
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (!isLast)
            {
                attempt.CancelAfter(AttemptTimeout);
            }

            try
            {
                return await options.Transport.ConnectAsync(
                    new IPEndPoint(addresses[i], port), mayBeOwn, attempt.Token).ConfigureAwait(false);
            }
            catch (Exception error) when (!isLast && !cancellationToken.IsCancellationRequested
                && error is SocketException or OperationCanceledException)
            {
                // The next address of the same checked answer.
            }
        }
    }
}
