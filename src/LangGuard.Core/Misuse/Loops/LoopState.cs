namespace LangGuard.Misuse;

/// <summary>The last operations of one session tree, as hashes. Of fixed size.</summary>
internal sealed class LoopState
{
    internal const int Window = 128;
    private const int DeniedWindow = 64;

    private readonly Lock _lock = new();
    private readonly ulong[] _calls = new ulong[Window];
    private readonly ulong[] _shapes = new ulong[Window];
    private readonly ulong[] _denied = new ulong[DeniedWindow];
    private readonly int[] _failures = new int[4];
    private readonly long[] _failedAt = new long[4];
    private int _nextCall;
    private int _nextDenied;
    private long _deniedAt;
    private int _deniedCount;

    /// <summary>Whether anything has been denied lately, so that it pays to look.</summary>
    internal bool HasDenials => Volatile.Read(ref _deniedCount) > 0;

    /// <summary>Adds a call and says how often it and its shape are in the window.</summary>
    internal (int Same, int Alike) Add(ulong call, ulong shape)
    {
        lock (_lock)
        {
            _calls[_nextCall] = call;
            _shapes[_nextCall] = shape;
            _nextCall = (_nextCall + 1) % Window;
            return (_calls.AsSpan().Count(call), shape == 0 ? 0 : _shapes.AsSpan().Count(shape));
        }
    }

    internal void AddDenial(ulong call, int most, TimeProvider clock)
    {
        lock (_lock)
        {
            if (_denied.AsSpan().Count(call) >= most)
            {
                return;
            }

            _denied[_nextDenied] = call;
            _nextDenied = (_nextDenied + 1) % DeniedWindow;
            _deniedAt = clock.GetTimestamp();
            _deniedCount = Math.Min(DeniedWindow, _deniedCount + 1);
        }
    }

    /// <summary>Whether the call has been denied so often that it pauses. After the pause all is forgotten.</summary>
    internal bool IsPaused(ulong call, int most, TimeSpan pause, TimeProvider clock)
    {
        lock (_lock)
        {
            if (_deniedCount > 0 && clock.GetElapsedTime(_deniedAt) >= pause)
            {
                _denied.AsSpan().Clear();
                _deniedCount = 0;
            }

            return _deniedCount >= most && _denied.AsSpan().Count(call) >= most;
        }
    }

    internal bool IsFailing(Surface surface, int most, TimeSpan pause, TimeProvider clock)
    {
        if (Volatile.Read(ref _failures[(int)surface]) < most)
        {
            return false;
        }

        lock (_lock)
        {
            if (clock.GetElapsedTime(_failedAt[(int)surface]) < pause)
            {
                return true;
            }

            // One more try; the next failure pauses again.
            _failures[(int)surface] = most - 1;
            return false;
        }
    }

    internal void AddOutcome(Surface surface, bool failed, TimeProvider clock)
    {
        if (!failed && Volatile.Read(ref _failures[(int)surface]) == 0)
        {
            return;
        }

        lock (_lock)
        {
            _failures[(int)surface] = failed ? Math.Min(int.MaxValue - 1, _failures[(int)surface] + 1) : 0;
            _failedAt[(int)surface] = clock.GetTimestamp();
        }
    }
}
