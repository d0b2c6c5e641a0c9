#pragma warning disable RS0030 // Looks only at the file that the host named.
using DuckDB.NET.Data;
using LangGuard.Data;

namespace LangGuard.DuckDb;

/// <summary>The engine's instance for one file and one set of settings. Sessions have a connection of their own in it, which is
/// cheap; the instance is closed when nobody has used it for a while, so that others can write the file or put a new one in its
/// place.</summary>
internal sealed class DuckDbInstance : IDisposable
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private readonly string _path;
    private readonly DuckDbSettings _settings;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private DuckDBConnection? _anchor;
    private (DateTime Written, long Length) _state;
    private int _sessions;
    private long _since;
    private bool _isDisposed;

    internal DuckDbInstance(string path, DuckDbSettings settings, TimeProvider time)
    {
        _path = path;
        _settings = settings;
        _time = time;
        _timer = time.CreateTimer(
            static state => ((DuckDbInstance)state!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the engine has the file open.</summary>
    internal bool IsOpen
    {
        get
        {
            lock (_lock)
            {
                return _anchor is not null;
            }
        }
    }

    /// <summary>A new connection, which no statement has used before. Give it back by <see cref="Return"/>.</summary>
    internal DuckDBConnection Connect()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_sessions == 0 && _anchor is not null && StateOf(_path) != _state)
            {
                CloseAnchor();
            }

            _anchor ??= OpenAnchor();
            var connection = Open();
            _sessions++;
            return connection;
        }
    }

    internal void Return(DuckDBConnection connection)
    {
        connection.Dispose();
        lock (_lock)
        {
            _since = _time.GetTimestamp();
            if (--_sessions > 0)
            {
                return;
            }

            if (_isDisposed)
            {
                CloseAnchor();
            }
            else
            {
                _state = StateOf(_path);
                _timer.Change(Lifetime, Lifetime);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            if (_sessions == 0)
            {
                CloseAnchor();
            }
        }

        _timer.Dispose();
    }

    private void Sweep()
    {
        lock (_lock)
        {
            if (_sessions == 0 && _time.GetElapsedTime(_since) >= Lifetime)
            {
                CloseAnchor();
                if (!_isDisposed)
                {
                    _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                }
            }
        }
    }

    private DuckDBConnection OpenAnchor()
    {
        var anchor = Open();
        try
        {
            _settings.Verify(anchor);
            _state = StateOf(_path);
            return anchor;
        }
        catch (DuckDBException)
        {
            anchor.Dispose();
            throw new GuardedDatabaseException("The database can not be opened.");
        }
        catch
        {
            anchor.Dispose();
            throw;
        }
    }

    private DuckDBConnection Open()
    {
        var connection = new DuckDBConnection(_settings.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch (DuckDBException)
        {
            connection.Dispose();

            // The driver's message names the path, and who else holds the file.
            throw new GuardedDatabaseException("The database can not be opened.");
        }
    }

    private void CloseAnchor()
    {
        _anchor?.Dispose();
        _anchor = null;
    }

    private static (DateTime Written, long Length) StateOf(string path) =>
        new FileInfo(path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : default;
}
