using System.Net;
using LangGuard.Http;

namespace AspNetCoreHost.Desk;

/// <summary>Lets the names of the sample stand for loopback. The guard still checks every address.</summary>
internal sealed class LoopbackNames : IAddressResolver
{
    public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Loopback]);
}
