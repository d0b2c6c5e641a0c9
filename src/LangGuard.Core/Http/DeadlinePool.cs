using System.Collections.Concurrent;

namespace LangGuard.Http;

/// <summary>Keeps timers for requests that end in time, which is nearly all of them.</summary>
internal sealed class DeadlinePool(TimeProvider time)
{
    private const int MaxKept = 64;

    private readonly ConcurrentQueue<CancellationTokenSource> _kept = new();

    public CancellationTokenSource Rent(TimeSpan delay)
    {
        if (!_kept.TryDequeue(out var source))
        {
            return new CancellationTokenSource(delay, time);
        }

        source.CancelAfter(delay);
        return source;
    }

    /// <summary>Takes a timer back. Only when nobody can hold its token any more.</summary>
    public void Return(CancellationTokenSource source)
    {
        if (_kept.Count < MaxKept && source.TryReset())
        {
            _kept.Enqueue(source);
        }
        else
        {
            source.Dispose();
        }
    }
}
