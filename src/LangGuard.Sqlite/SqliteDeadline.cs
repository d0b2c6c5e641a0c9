using System.Diagnostics;

namespace LangGuard.Sqlite;

/// <summary>When the running statement must stop.</summary>
internal sealed class SqliteDeadline
{
    private long _until = long.MaxValue;
    private CancellationToken _cancelled;
    private bool _isRunning;

    /// <summary>Whether the running statement must stop now. The guard's own statements, between, never.</summary>
    internal bool HasPassed =>
        _isRunning && (Stopwatch.GetTimestamp() >= _until || _cancelled.IsCancellationRequested);

    /// <summary>What cancels the statement that runs, or ran last: its error is looked at afterwards.</summary>
    internal CancellationToken Cancelled => _cancelled;

    internal void Start(TimeSpan time, CancellationToken cancelled)
    {
        _cancelled = cancelled;
        _isRunning = true;
        _until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
    }

    internal void Stop() => _isRunning = false;
}
