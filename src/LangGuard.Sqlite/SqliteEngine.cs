using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using LangGuard.Data;
using LangGuard.Permissions;
using Microsoft.Data.Sqlite;

namespace LangGuard.Sqlite;

/// <summary>One SQLite file.</summary>
internal sealed partial class SqliteEngine(string path) : DatabaseEngine
{
    private const int MaxIdle = 8;
    private readonly ConditionalWeakTable<DatabaseScope, ConcurrentBag<SqliteEngineSession>> _idle = [];
    private readonly Lock _lock = new();
    private volatile SqlSchema? _schema;
    private long _schemaVersion = -1;

    internal override SqlDialect Dialect => SqlDialect.Sqlite;

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
        var idle = _idle.GetValue(scope, static _ => []);
        return idle.TryTake(out var session)
            ? session
            : new SqliteEngineSession(this, Connect(scope.Options.Writes), scope);
    }

    /// <summary>Takes back a session whose transaction has ended.</summary>
    internal void Return(SqliteEngineSession session, DatabaseScope scope)
    {
        var idle = _idle.GetValue(scope, static _ => []);
        if (idle.Count < MaxIdle)
        {
            idle.Add(session);
        }
        else
        {
            session.Close();
        }
    }

    public override void Dispose()
    {
        foreach (var (_, idle) in _idle)
        {
            while (idle.TryTake(out var session))
            {
                session.Close();
            }
        }
    }

    private SqliteConnection Connect(bool writes)
    {
        // Pooling off: a connection with our authorizer must never come into another's hands, nor theirs into ours.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = writes ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadOnly,
            Pooling = false,
            ForeignKeys = true,
        }.ConnectionString);
        connection.Open();
        return connection;
    }
}
