using System.Collections.Concurrent;
using System.Net;
using LangGuard.Http;

namespace LangGuard.Testing;

/// <summary>Resolves the names that a test gave it; every other name does not exist.</summary>
public sealed class InMemoryAddressResolver : IAddressResolver
{
    private readonly ConcurrentDictionary<string, IPAddress[]> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentQueue<string> _asked = new();

    /// <summary>The names that were asked for, in order.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <summary>Sets the addresses of a name.</summary>
    /// <param name="host">The name.</param>
    /// <param name="addresses">Its addresses, such as <c>10.0.0.5</c>.</param>
    /// <exception cref="FormatException">A text is no address.</exception>
    public InMemoryAddressResolver Add(string host, params string[] addresses)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        ArgumentNullException.ThrowIfNull(addresses);
        _hosts[host] = [.. addresses.Select(IPAddress.Parse)];
        return this;
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        _asked.Enqueue(host);
        return ValueTask.FromResult<IReadOnlyList<IPAddress>>(_hosts.TryGetValue(host, out var addresses) ? addresses : []);
    }
}
