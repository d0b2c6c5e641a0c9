using System.Net;

namespace LangGuard.Http;

/// <summary>
/// Turns a host name into addresses. The guard asks once for each connection, checks every address of the answer, and
/// connects only to addresses of that answer; a resolver can therefore redirect a name but never lift the address check.
/// </summary>
public interface IAddressResolver
{
    /// <summary>Resolves a canonical host name: lower case, ASCII, without a trailing dot, never an address literal.</summary>
    /// <param name="host">The canonical host name.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    /// <returns>Every address of the name. An empty list means that the name does not exist.</returns>
    ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);
}
