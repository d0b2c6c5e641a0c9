namespace LangGuard.Misuse;

/// <summary>What one scope has used and has reserved. Exact under any number of threads.</summary>
internal sealed class UsageCounter
{
    private readonly Lock _lock = new();
    private long _calls;
    private long _bytesIn;
    private long _bytesOut;
    private long _reservedOut;
    private long _rows;
    private long _running;
    private TimeSpan _time;
    private long _last;
    private long _started;
    private bool _isStarted;

    /// <summary>Counts the attempt and reserves. Always to be settled, also when a reason comes back.</summary>
    internal Reason? TryReserve(UsageLimits limits, long bytesOut, TimeProvider clock)
    {
        lock (_lock)
        {
            Tick(limits, clock);
            _calls = UsageAmounts.Sum(_calls, 1);
            _running = UsageAmounts.Sum(_running, 1);
            _reservedOut = UsageAmounts.Sum(_reservedOut, bytesOut);
            return limits.Exceeded(new UsageTotals(_calls, _running, _bytesIn, _bytesOut, _reservedOut, _rows, _time));
        }
    }

    /// <summary>Replaces the reservation by what was used.</summary>
    internal void Settle(UsageLimits limits, long bytesOut, in OperationOutcome outcome, TimeProvider clock)
    {
        lock (_lock)
        {
            Tick(limits, clock);
            _running = Math.Max(0, _running - 1);
            _reservedOut = Math.Max(0, _reservedOut - bytesOut);
            _bytesIn = UsageAmounts.Sum(_bytesIn, outcome.BytesIn);
            _bytesOut = UsageAmounts.Sum(_bytesOut, outcome.BytesOut);
            _rows = UsageAmounts.Sum(_rows, outcome.Rows);
        }
    }

    /// <summary>Adds the time since the last look once for each operation that ran, and begins a new period where one is due.</summary>
    private void Tick(UsageLimits limits, TimeProvider clock)
    {
        if (limits.Time == TimeSpan.MaxValue && limits.Period == TimeSpan.MaxValue)
        {
            return;
        }

        var now = clock.GetTimestamp();
        if (!_isStarted)
        {
            _isStarted = true;
            _started = _last = now;
        }

        var passed = clock.GetElapsedTime(_last, now);
        _time = passed.Ticks > 0 && _running > (long.MaxValue - _time.Ticks) / passed.Ticks
            ? TimeSpan.MaxValue
            : _time + TimeSpan.FromTicks(passed.Ticks * _running);
        _last = now;
        if (clock.GetElapsedTime(_started, now) >= limits.Period)
        {
            _started = now;
            _calls = _bytesIn = _bytesOut = _rows = 0;
            _time = TimeSpan.Zero;
        }
    }
}
