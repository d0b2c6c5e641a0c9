using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Rate and concurrency of one rule in one session tree.</summary>
internal sealed class RuleUsage(HttpLimits limits)
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim? _slots = limits.MaxConcurrency > 0 ? new SemaphoreSlim(limits.MaxConcurrency) : null;
    private readonly Queue<long> _sent = new();

    /// <summary>Counts a request; false when the rate is used up. A sliding window: no burst at its edge.</summary>
    public bool TryCount(TimeProvider time)
    {
        if (limits.Rate == 0)
        {
            return true;
        }

        lock (_lock)
        {
            var now = time.GetTimestamp();
            while (_sent.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) >= limits.RatePeriod)
            {
                _sent.Dequeue();
            }

            if (_sent.Count >= limits.Rate)
            {
                return false;
            }

            _sent.Enqueue(now);
            return true;
        }
    }

    public Task EnterAsync(CancellationToken cancellationToken) => _slots?.WaitAsync(cancellationToken) ?? Task.CompletedTask;

    public void Leave() => _slots?.Release();
}
