using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace LangGuard.Http;

/// <summary>Opens connections to addresses that have been checked. Tests put a network of their own in its place.</summary>
internal class EgressTransport
{
    public static readonly EgressTransport System = new();

    /// <summary>TLS settings, or null for the platform's defaults.</summary>
    public virtual SslClientAuthenticationOptions? Tls => null;

    /// <summary>Whether a listener belongs to this process.</summary>
    public virtual bool IsOwnListener(IPEndPoint endPoint) => OwnListeners.Contains(endPoint.Port);

    public virtual async ValueTask<Stream> ConnectAsync(
        IPEndPoint endPoint, bool mayBeOwn, CancellationToken cancellationToken)
    {
#pragma warning disable CA2000 // The stream owns the socket; every other way out disposes it.
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
#pragma warning restore CA2000
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            if (!mayBeOwn && IsOwnMachine(socket) && IsOwnListener(endPoint))
            {
                throw EgressDenial.Of(Permissions.HttpReasons.OwnListener);
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A connection whose two ends have one address never left the machine, whatever that address is.</summary>
    private static bool IsOwnMachine(Socket socket) =>
        socket is { LocalEndPoint: IPEndPoint local, RemoteEndPoint: IPEndPoint remote } && local.Address.Equals(remote.Address);
}
