using System.Collections.Concurrent;
using System.Net;
using LangGuard.Ablation;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>
/// The connections of one policy, shared by its sessions and their children and by nobody else. Requests with different
/// private networks or proxies never share a connection, because a pooled connection is not checked again.
/// </summary>
internal sealed class EgressPools : IDrainable, IDisposable
{
    private const int MaxPools = 64;
    private const int MaxKept = 64;

    private readonly EgressOptions _options;
    private readonly WallsOff _off;
    private readonly IAddressResolver _resolver;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, EgressPool> _pools = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Dispatch> _dispatches = new();
    private volatile EgressPool? _usual;

    private EgressPools(EgressOptions options, PolicyDependencies dependencies)
    {
        _options = options;
        _off = dependencies.Off;
        _resolver = options.Resolver ?? dependencies.Get<IAddressResolver>() ?? SystemAddressResolver.Instance;
        _time = dependencies.TimeProvider;
    }

    /// <summary>The pools of a policy. Children of a session have their root's dependencies, and so its pools.</summary>
    public static EgressPools Of(PolicyDependencies dependencies) =>
        dependencies.GetOrCreate(
            static owner => new EgressPools(owner.Get<EgressOptions>() ?? new EgressOptions(), owner));

    public Dispatch Rent() => _dispatches.TryDequeue(out var kept) ? kept : new Dispatch(_time);

    public void Return(Dispatch dispatch)
    {
        dispatch.Clear();
        if (_dispatches.Count < MaxKept)
        {
            _dispatches.Enqueue(dispatch);
        }
        else
        {
            dispatch.Dispose();
        }
    }

    /// <summary>The connections of a grant, for one request, which leaves them at its end.</summary>
    /// <param name="grant">What was granted.</param>
    /// <param name="policy">The policy it was decided under: the start policy of its session, and whatever narrows it.</param>
    public EgressPool Enter(HttpGrant grant, Policy policy)
    {
        var proxy = EgressProxy.RequiredBy(policy, _options);
        EgressPool pool;
        while (!(pool = Get(grant, proxy)).TryEnter())
        {
            // Drained since: there is a new one.
        }

        return pool;
    }

    /// <summary>Closes every connection that is idle now, and each other one when its request ends.</summary>
    public void Drain()
    {
        lock (_lock)
        {
            _usual?.Retire();
            _usual = null;
            foreach (var pool in _pools.Values)
            {
                pool.Retire();
            }

            _pools.Clear();
        }
    }

    public void Dispose() => Drain();

    private EgressPool Get(HttpGrant grant, EgressProxy? proxy)
    {
        var isUsual = grant.Egress.Length == 0 && ReferenceEquals(proxy, _options.Proxy);
        if (isUsual && _usual is { } usual)
        {
            return usual;
        }

        lock (_lock)
        {
            if (isUsual)
            {
                return _usual ??= Create([], proxy);
            }

            var key = proxy is null ? grant.Egress : $"{grant.Egress}\n{proxy}";
            if (!_pools.TryGetValue(key, out var pool))
            {
                if (_pools.Count == MaxPools)
                {
                    // Only an endless series of intersected grants gets here.
                    Drain();
                }

                pool = Create(grant.PrivateNetworks, proxy);
                _pools.Add(key, pool);
            }

            return pool;
        }
    }

    private EgressPool Create(IReadOnlyList<IPNetwork> privateNetworks, EgressProxy? proxy) => new(pool =>
    {
#pragma warning disable CA2000 // The pool owns the invoker, and that the handler.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = new EgressConnector(_options, _resolver, pool, proxy, privateNetworks, _off).ConnectAsync,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            Credentials = null,
            MaxConnectionsPerServer = 64,
            MaxResponseDrainSize = 64 * 1024,
            MaxResponseHeadersLength = 32,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PreAuthenticate = false,
            Proxy = proxy,
            UseCookies = false,
            UseProxy = proxy is not null,

            // No trace headers to strangers, and no diagnostic listener sees the message that holds credentials.
            ActivityHeadersPropagator = null,
        };
        if (_options.Transport.Tls is { } tls)
        {
            handler.SslOptions = tls;
        }

        return new HttpMessageInvoker(handler, disposeHandler: true);
#pragma warning restore CA2000
    });
}
