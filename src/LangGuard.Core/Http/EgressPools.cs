using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>
/// The connections of one policy, shared by its sessions and their children and by nobody else. Requests with different
/// private networks never share a connection, because a pooled connection is not checked again.
/// </summary>
internal sealed class EgressPools : IDisposable
{
    private const int MaxPools = 64;

    private readonly EgressOptions _options;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HttpMessageInvoker> _pools = new(StringComparer.Ordinal);
    private readonly HttpMessageInvoker _public;

    public EgressPools(EgressOptions options, TimeProvider time)
    {
        _options = options;
        _public = Create([]);
        Deadlines = new DeadlinePool(time);
    }

    public DeadlinePool Deadlines { get; }

    /// <summary>The pools of a policy. Children of a session have their root's dependencies, and so its pools.</summary>
    public static EgressPools Of(PolicyDependencies dependencies) =>
        dependencies.GetOrCreate(
            static owner => new EgressPools(owner.Get<EgressOptions>() ?? new EgressOptions(), owner.TimeProvider));

    public HttpMessageInvoker Get(HttpGrant grant)
    {
        if (grant.Egress.Length == 0)
        {
            return _public;
        }

        lock (_lock)
        {
            if (!_pools.TryGetValue(grant.Egress, out var pool))
            {
                if (_pools.Count == MaxPools)
                {
                    // Only an endless series of intersected grants gets here; its connections close when they are idle.
                    _pools.Clear();
                }

                pool = Create(grant.PrivateNetworks);
                _pools.Add(grant.Egress, pool);
            }

            return pool;
        }
    }

    public void Dispose()
    {
        _public.Dispose();
        lock (_lock)
        {
            foreach (var pool in _pools.Values)
            {
                pool.Dispose();
            }

            _pools.Clear();
        }
    }

    private HttpMessageInvoker Create(IReadOnlyList<System.Net.IPNetwork> privateNetworks)
    {
#pragma warning disable CA2000 // The invoker owns the handler.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            ConnectCallback = new EgressConnector(_options, privateNetworks).ConnectAsync,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            Credentials = null,
            MaxConnectionsPerServer = 64,
            MaxResponseDrainSize = 64 * 1024,
            MaxResponseHeadersLength = 32,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PreAuthenticate = false,
            Proxy = _options.Proxy,
            UseCookies = false,
            UseProxy = _options.Proxy is not null,

            // No trace headers to strangers, and no diagnostic listener sees the message that holds credentials.
            ActivityHeadersPropagator = null,
        };
        if (_options.Transport.Tls is { } tls)
        {
            handler.SslOptions = tls;
        }

        return new HttpMessageInvoker(handler, disposeHandler: true);
#pragma warning restore CA2000
    }
}
