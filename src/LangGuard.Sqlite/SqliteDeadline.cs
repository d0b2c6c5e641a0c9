using System.Diagnostics;

namespace LangGuard.Sqlite;

/// <summary>When the running statement must stop.</summary>
internal sealed class SqliteDeadline
{
    private long _until = long.MaxValue;
    private CancellationToken _cancelled;

    internal bool HasPassed => Stopwatch.GetTimestamp() >= _until || _cancelled.IsCancellationRequested;

    internal CancellationToken Cancelled => _cancelled;

    internal void Start(TimeSpan time, CancellationToken cancelled)
    {
        _cancelled = cancelled;
        _until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
    }

    internal void Stop()
    {
        _until = long.MaxValue;
        _cancelled = default;
    }
}
