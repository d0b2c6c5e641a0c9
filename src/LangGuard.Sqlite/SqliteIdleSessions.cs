using LangGuard.Permissions;

namespace LangGuard.Sqlite;

/// <summary>Connections that nobody uses just now. They are closed when nobody has used them for a while, so that the file can be
/// moved or removed.</summary>
internal sealed class SqliteIdleSessions : IDisposable
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);
    private const int MaxIdle = 8;

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly List<(SqliteEngineSession Session, DatabaseScope Scope, long Since)> _sessions = [];
    private bool _isDisposed;

    internal SqliteIdleSessions(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(
            static state => ((SqliteIdleSessions)state!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>The one that was used last, or null. A session serves only the scope that its authorizer was made for.</summary>
    internal SqliteEngineSession? Take(DatabaseScope scope)
    {
        lock (_lock)
        {
            var index = _sessions.FindLastIndex(idle => ReferenceEquals(idle.Scope, scope));
            if (index < 0)
            {
                return null;
            }

            var session = _sessions[index].Session;
            _sessions.RemoveAt(index);
            return session;
        }
    }

    internal void Return(SqliteEngineSession session, DatabaseScope scope)
    {
        SqliteEngineSession? surplus = null;
        lock (_lock)
        {
            if (_isDisposed)
            {
                surplus = session;
            }
            else
            {
                _sessions.Add((session, scope, _time.GetTimestamp()));
                if (_sessions.Count > MaxIdle)
                {
                    surplus = _sessions[0].Session;
                    _sessions.RemoveAt(0);
                }

                if (_sessions.Count == 1)
                {
                    _timer.Change(Lifetime, Lifetime);
                }
            }
        }

        surplus?.Close();
    }

    public void Dispose()
    {
        List<SqliteEngineSession> all;
        lock (_lock)
        {
            _isDisposed = true;
            all = [.. _sessions.Select(idle => idle.Session)];
            _sessions.Clear();
        }

        _timer.Dispose();
        all.ForEach(session => session.Close());
    }

    private void Sweep()
    {
        List<SqliteEngineSession> old;
        lock (_lock)
        {
            old = [.. _sessions.Where(IsOld).Select(idle => idle.Session)];
            _sessions.RemoveAll(idle => IsOld(idle));
            if (_sessions.Count == 0 && !_isDisposed)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        old.ForEach(session => session.Close());
    }

    private bool IsOld((SqliteEngineSession Session, DatabaseScope Scope, long Since) idle) =>
        _time.GetElapsedTime(idle.Since) >= Lifetime;
}
