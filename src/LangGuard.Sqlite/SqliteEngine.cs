using LangGuard.Ablation;
using LangGuard.Data;
using LangGuard.Permissions;
using Microsoft.Data.Sqlite;

namespace LangGuard.Sqlite;

/// <summary>One SQLite file.</summary>
internal sealed partial class SqliteEngine : DatabaseEngine
{
    private readonly string _path;
    private readonly DatabaseOptions? _options;
    private readonly ExcessRights _excessRights;
    private readonly SqliteIdleSessions _idle;
    private readonly Lock _lock = new();
    private volatile SqlSchema? _schema;
    private long _schemaVersion = -1;

    internal SqliteEngine(
        string path, DatabaseOptions? options = null, ExcessRights excessRights = ExcessRights.Report, TimeProvider? time = null)
    {
        _path = path;
        _options = options;
        _excessRights = excessRights;
        _idle = new SqliteIdleSessions(time ?? TimeProvider.System);
    }

    internal int IdleCount => _idle.Count;

    internal override SqlDialect Dialect => SqlDialect.Sqlite;

    internal override string? File => Path.GetFullPath(_path);

    internal override SqlSchema Schema => _schema ?? Refresh();

    /// <summary>Reads the schema again when the file says that it has changed.</summary>
    internal override SqlSchema Refresh()
    {
        lock (_lock)
        {
            using var connection = Connect(writes: false);
            var version = SqliteSchemaReader.Version(connection);
            if (_schema is { } known && version == _schemaVersion)
            {
                return known;
            }

            _schemaVersion = version;
            return _schema = SqliteSchemaReader.Read(connection);
        }
    }

    internal override DatabaseEngineSession Open(DatabaseScope scope)
    {
        if (_excessRights == ExcessRights.Refuse && _options is not null && SqliteCredentialAudit.Run(_path, _options).Count > 0)
        {
            // Asked each time: the rights on a file can change at any time, and asking is cheap.
            throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.ExcessRights), (string?)null);
        }

        return _idle.Take(scope) ?? new SqliteEngineSession(this, Connect(scope.Options.Writes || scope.Off.Has(Wall.SqliteReadOnly)), scope);
    }

    internal override DatabaseCopy Copy()
    {
        using var connection = Connect(writes: false);
        return SqliteCopy.Of(connection);
    }

    /// <summary>Takes back a session whose transaction has ended.</summary>
    internal void Return(SqliteEngineSession session, DatabaseScope scope) => _idle.Return(session, scope);

    public override void Dispose() => _idle.Dispose();

    private SqliteConnection Connect(bool writes)
    {
        // Pooling off: a connection with our authorizer must never come into another's hands, nor theirs into ours.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Mode = writes ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadOnly,
            Pooling = false,
            ForeignKeys = true,
        }.ConnectionString);
        connection.Open();
        return connection;
    }
}
