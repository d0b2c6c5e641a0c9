using System.Net;
using System.Net.Sockets;

namespace LangGuard.Http;

/// <summary>The operating system's resolver.</summary>
internal sealed class SystemAddressResolver : IAddressResolver
{
    public static readonly SystemAddressResolver Instance = new();

    private SystemAddressResolver()
    {
    }

    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
