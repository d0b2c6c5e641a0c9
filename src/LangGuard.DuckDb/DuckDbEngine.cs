using LangGuard.Ablation;
using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.DuckDb;

/// <summary>One DuckDB file.</summary>
internal sealed class DuckDbEngine : DatabaseEngine
{
    /// <summary>A schema is not read again more often than this, however often a statement names what is not there.</summary>
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly DatabaseOptions _options;
    private readonly ExcessRights _excessRights;
    private readonly int _megabytes;
    private readonly int _threads;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly DuckDbSyntax _syntax = new();
    private DuckDbInstance? _instance;
    private volatile SqlSchema? _schema;
    private long _readAt;

    internal DuckDbEngine(
        string path, DatabaseOptions? options = null, ExcessRights excessRights = ExcessRights.Report, int megabytes = 1024,
        int threads = 2, TimeProvider? time = null)
    {
        _path = Path.GetFullPath(path);
        _options = options ?? new DatabaseOptions();
        _excessRights = excessRights;
        _megabytes = megabytes;
        _threads = threads;
        _time = time ?? TimeProvider.System;
    }

    internal override SqlDialect Dialect => SqlDialect.DuckDb;

    internal override string? File => _path;

    internal override EngineNames Names => DuckDbEngineNames.All;

    internal override SqlSchema Schema => _schema ?? Read(_options.Writes, isLocked: true);

    /// <summary>The engine's own parser.</summary>
    internal DuckDbSyntax Syntax => _syntax;

    /// <summary>Whether the engine has the file open.</summary>
    internal bool IsOpen => _instance is { IsOpen: true };

    internal override SqlSchema Refresh() => Read(_options.Writes, isLocked: true);

    internal override DatabaseEngineSession Open(DatabaseScope scope)
    {
        if (_excessRights == ExcessRights.Refuse && DuckDbCredentialAudit.Run(_path, _options, Schema).Count > 0)
        {
            // Asked each time: the rights on a file can change at any time, and asking is cheap.
            throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.ExcessRights), (string?)null);
        }

        var instance = InstanceFor(
            scope.Options.Writes || scope.Off.Has(Wall.DuckDbReadOnly), isLocked: !scope.Off.Has(Wall.DuckDbSettings));
        return new DuckDbEngineSession(this, instance, scope);
    }

    public override void Dispose()
    {
        _instance?.Dispose();
        _syntax.Dispose();
    }

    private SqlSchema Read(bool writes, bool isLocked)
    {
        lock (_lock)
        {
            if (_schema is { } known && _time.GetElapsedTime(_readAt) < RefreshInterval)
            {
                return known;
            }

            var instance = _instance ?? InstanceFor(writes, isLocked);
            var connection = instance.Connect();
            try
            {
                var read = DuckDbSchemaReader.Read(connection, _schema);
                _readAt = _time.GetTimestamp();
                return _schema = read;
            }
            finally
            {
                instance.Return(connection);
            }
        }
    }

    /// <summary>The instance. One engine serves one policy, which either writes or does not.</summary>
    private DuckDbInstance InstanceFor(bool writes, bool isLocked)
    {
        lock (_lock)
        {
            return _instance ??= new DuckDbInstance(
                _path, new DuckDbSettings(_path, writes, isLocked, _megabytes, _threads), _time);
        }
    }
}
