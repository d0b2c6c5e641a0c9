using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace LangGuard.DuckDb;

/// <summary>Interrupts the running statement when its time is over or its token says so, and again until it has ended: the engine
/// forgets an interrupt that comes before a statement has begun.</summary>
internal sealed class DuckDbDeadline : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly DuckDBConnection _connection;
    private readonly Timer _timer;
    private readonly Lock _lock = new();
    private CancellationTokenRegistration _registration;
    private bool _isRunning;

    internal DuckDbDeadline(DuckDBConnection connection)
    {
        _connection = connection;
        _timer = new Timer(static state => ((DuckDbDeadline)state!).Interrupt(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What cancels the statement that runs, or ran last: its error is looked at afterwards.</summary>
    internal CancellationToken Cancelled { get; private set; }

    internal void Start(TimeSpan time, CancellationToken cancelled)
    {
        Cancelled = cancelled;
        lock (_lock)
        {
            _isRunning = true;
            _timer.Change(time, Interval);
        }

        _registration = cancelled.UnsafeRegister(
            static state => ((DuckDbDeadline)state!).Hurry(), this);
    }

    /// <summary>Nothing is interrupted any more when this returns.</summary>
    internal void Stop()
    {
        _registration.Dispose();
        _registration = default;
        lock (_lock)
        {
            _isRunning = false;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        Stop();
        _timer.Dispose();
    }

    private void Hurry()
    {
        lock (_lock)
        {
            if (_isRunning)
            {
                _timer.Change(TimeSpan.Zero, Interval);
            }
        }
    }

    private void Interrupt()
    {
        lock (_lock)
        {
            if (_isRunning)
            {
                NativeMethods.Startup.DuckDBInterrupt(_connection.NativeConnection);
            }
        }
    }
}
