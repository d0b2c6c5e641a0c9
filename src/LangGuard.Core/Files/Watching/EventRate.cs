namespace LangGuard.Files;

/// <summary>Lets so many events a second through and drops the others, so that a busy directory does not flood an agent.</summary>
internal sealed class EventRate(int perSecond, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private long _windowStart = clock.GetTimestamp();
    private int _count;

    public bool TryTake()
    {
        lock (_lock)
        {
            if (clock.GetElapsedTime(_windowStart) >= TimeSpan.FromSeconds(1))
            {
                _windowStart = clock.GetTimestamp();
                _count = 0;
            }

            return _count < perSecond && ++_count > 0;
        }
    }
}
