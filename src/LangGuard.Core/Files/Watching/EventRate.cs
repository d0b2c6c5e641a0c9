namespace LangGuard.Files;

/// <summary>Lets so many events a second through and drops the others, so that a busy directory does not flood an agent.</summary>
internal sealed class EventRate(int perSecond, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private long _windowStart = clock.GetTimestamp();
    private int _count;

    /// <summary>Whether one more may pass; of those that may not, the first in a second is told apart.</summary>
    public bool TryTake(out bool isFirstLost)
    {
        lock (_lock)
        {
            if (clock.GetElapsedTime(_windowStart) >= TimeSpan.FromSeconds(1))
            {
                _windowStart = clock.GetTimestamp();
                _count = 0;
            }

            _count++;
            isFirstLost = _count == perSecond + 1;
            return _count <= perSecond;
        }
    }
}
