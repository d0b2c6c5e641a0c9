using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using LangGuard.Data;
using LangGuard.Permissions;
using Npgsql;
using NpgsqlTypes;

namespace LangGuard.PostgreSql;

/// <summary>One PostgreSQL database, with a pool of connections of its own.</summary>
internal sealed partial class PostgreSqlEngine : DatabaseEngine
{
    /// <summary>A schema is not read again more often than this, however often a statement names what is not there.</summary>
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long the values of row filters hold on a connection that another keeps open.</summary>
    private static readonly TimeSpan SessionRows = TimeSpan.FromHours(1);

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _schemaSource;
    private readonly DatabaseOptions _options;
    private readonly ExcessRights _excessRights;
    private readonly byte[] _rowKey;
    private readonly Lock _lock = new();
    private volatile SqlSchema? _schema;
    private volatile EngineNames? _names;
    private volatile bool _isPooled;
    private long _readAt;
    private bool _audited;

    internal PostgreSqlEngine(
        NpgsqlConnectionStringBuilder settings, DatabaseOptions options, ExcessRights excessRights,
        ReadOnlyMemory<byte> rowKey = default)
    {
        _rowKey = rowKey.ToArray();
        Place = string.Create(CultureInfo.InvariantCulture, $"postgresql://{settings.Host?.ToLowerInvariant()}:{settings.Port}/{settings.Database ?? settings.Username}");
        _source = PostgreSqlConnectionSettings.Open(settings, NoteRoute);

        // Those who hold the last connections of the pool wait for the schema: it must not wait for them.
        _schemaSource = PostgreSqlConnectionSettings.Open(
            new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false });
        _options = options;
        _excessRights = excessRights;
    }

    internal override string? Place { get; }

    internal override SqlDialect Dialect => SqlDialect.PostgreSql;

    internal override SqlSchema Schema => _schema ?? Refresh();

    internal override SqlSchema Refresh()
    {
        lock (_lock)
        {
            if (_schema is { } known && Stopwatch.GetElapsedTime(_readAt) < RefreshInterval)
            {
                return known;
            }

            using var connection = Connect(_schemaSource);
            var read = PostgreSqlSchemaReader.Read(connection, _schema);
            _readAt = Stopwatch.GetTimestamp();
            return _schema = read;
        }
    }

    internal override EngineNames Names => _names ?? ReadNames();

    internal override DatabaseEngineSession Open(DatabaseScope scope)
    {
        var connection = Connect(_source);
        try
        {
            Audit(connection);
            return new PostgreSqlEngineSession(connection, scope, _rowKey, isDirect: !_isPooled);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal override DbParameter CreateParameter() => new NpgsqlParameter();

    internal override bool Owns(DbParameter parameter) => parameter is NpgsqlParameter;

    internal override object? ValueOf(DbParameter parameter)
    {
        var typed = (NpgsqlParameter)parameter;
        return typed.Value is null or DBNull && typed.NpgsqlDbType == NpgsqlDbType.Unknown
            ? null
            : new DbTypedValue(typed.Value, (int)typed.NpgsqlDbType);
    }

    internal override string SettingsOf(DatabaseScope scope, Principal principal) => PostgreSqlText.SessionSettings(
        scope.Grant.Timeout,
        readOnly: !scope.Options.Writes,
        _rowKey.Length == 0
            ? null
            : PostgreSqlRowSecurity.Sign(_rowKey, scope.Options, principal, SessionRows, TimeProvider.System.GetUtcNow()));

    internal override Exception Translate(Exception exception, DatabaseOperation operation) =>
        PostgreSqlErrors.Translate(exception, operation, default) ?? new GuardedDatabaseException();

    public override void Dispose()
    {
        _source.Dispose();
        _schemaSource.Dispose();
    }

    private EngineNames ReadNames()
    {
        lock (_lock)
        {
            if (_names is null)
            {
                using var connection = Connect(_schemaSource);
                _names = PostgreSqlSchemaReader.ReadEngineNames(connection);
            }

            return _names;
        }
    }

    /// <summary>A pooler names no process of the server, or another than the one that answers. Once there is one, every
    /// connection is taken to be behind it.</summary>
    private void NoteRoute(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT pg_catalog.pg_backend_pid()", connection);
        if (command.ExecuteScalar() is not int process || process != connection.ProcessID)
        {
            _isPooled = true;
        }
    }

    private void Audit(NpgsqlConnection connection)
    {
        if (_excessRights == ExcessRights.Report || Volatile.Read(ref _audited))
        {
            return;
        }

        if (PostgreSqlCredentialAudit.Run(connection, _options).Count > 0)
        {
            throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.ExcessRights), (string?)null);
        }

        Volatile.Write(ref _audited, true);
    }

    private static NpgsqlConnection Connect(NpgsqlDataSource source)
    {
        try
        {
            return source.OpenConnection();
        }
        catch (NpgsqlException)
        {
            // The driver's message names the host, the login and the database.
            throw new GuardedDatabaseException("The database can not be reached.");
        }
    }
}
