using System.Collections.Concurrent;

namespace LangGuard.Http;

/// <summary>Connections that are shared. When it is retired nobody enters any more, and the last one out closes them.</summary>
/// <remarks>Closed by us, stream by stream: a platform handler that is disposed while a request enters or leaves can keep that
/// request's connection open.</remarks>
internal sealed class EgressPool
{
    private const int Retired = 1 << 30;
    private const int ManyStreams = 256;

    private readonly ConcurrentQueue<WeakReference<Stream>> _streams = new();
    private readonly HttpMessageInvoker _handler;
    private int _users;
    private volatile bool _closed;

    public EgressPool(Func<EgressPool, HttpMessageInvoker> create) => _handler = create(this);

    /// <summary>False when the pool has been retired; otherwise <see cref="Leave"/> has to follow the last byte.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _users) <= Retired)
        {
            return true;
        }

        Leave();
        return false;
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _handler.SendAsync(request, cancellationToken);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == Retired)
        {
            Close();
        }
    }

    /// <summary>Closes the connections now, or when the last request has ended.</summary>
    public void Retire()
    {
        if (Interlocked.Add(ref _users, Retired) == Retired)
        {
            Close();
        }
    }

    /// <summary>Remembers a connection, so that it can be closed.</summary>
    public void Keep(Stream stream)
    {
        _streams.Enqueue(new WeakReference<Stream>(stream));
        for (var i = _streams.Count; i > ManyStreams && _streams.TryDequeue(out var old); i--)
        {
            // Connections that are gone; the others stay.
            if (old.TryGetTarget(out _))
            {
                _streams.Enqueue(old);
            }
        }

        if (_closed)
        {
            Close();
        }
    }

    private void Close()
    {
        _closed = true;
        _handler.Dispose();
        while (_streams.TryDequeue(out var reference))
        {
            if (reference.TryGetTarget(out var stream))
            {
                stream.Dispose();
            }
        }
    }
}
