using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using LangGuard.Data;
using LangGuard.Permissions;
using Microsoft.Data.SqlClient;

namespace LangGuard.SqlServer;

/// <summary>One database of SQL Server.</summary>
internal sealed class SqlServerEngine : DatabaseEngine
{
    /// <summary>A schema is not read again more often than this, however often a statement names what is not there.</summary>
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(1);

    private readonly string _connectionString;
    private readonly string _schemaConnectionString;
    private readonly DatabaseOptions _options;
    private readonly ExcessRights _excessRights;
    private readonly Lock _lock = new();
    private volatile SqlServerSchema? _schema;
    private long _readAt;
    private bool _audited;

    internal SqlServerEngine(SqlConnectionStringBuilder settings, DatabaseOptions options, ExcessRights excessRights)
    {
        _connectionString = settings.ConnectionString;

        // Those who hold the last connections of the pool wait for the schema: it must not wait for them.
        _schemaConnectionString = new SqlConnectionStringBuilder(_connectionString) { Pooling = false }.ConnectionString;
        _options = options;
        _excessRights = excessRights;
    }

    internal override SqlDialect Dialect => SqlDialect.TSql;

    internal override SqlSchema Schema => Current.Names;

    /// <summary>Whether a transaction can see the database as it was when it began.</summary>
    internal bool HasSnapshots => Current.HasSnapshots;

    private SqlServerSchema Current => _schema ?? Read();

    internal override SqlSchema Refresh() => Read().Names;

    [SuppressMessage("Reliability", "CA2000", Justification = "The session owns the connection.")]
    internal override DatabaseEngineSession Open(DatabaseScope scope)
    {
        var connection = Connect(_connectionString);
        try
        {
            Audit(connection);
            return new SqlServerEngineSession(connection, scope, this);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether the server counts every row that a change of these tables changes.</summary>
    internal bool CanCount(SqlFacts facts) =>
        facts.Changes.All(change => !Current.Fragile.Contains($"{change.Target.Schema}.{change.Target.Name}"));

    internal override Exception Translate(Exception exception, DatabaseOperation operation) =>
        SqlServerErrors.Translate(exception, operation, default) ?? new GuardedDatabaseException();

    public override void Dispose()
    {
        // The driver's pool belongs to the connection string, which is this engine's own.
        using var connection = new SqlConnection(_connectionString);
        SqlConnection.ClearPool(connection);
    }

    private SqlServerSchema Read()
    {
        lock (_lock)
        {
            if (_schema is { } known && Stopwatch.GetElapsedTime(_readAt) < RefreshInterval)
            {
                return known;
            }

            using var connection = Connect(_schemaConnectionString);
            var read = SqlServerSchemaReader.Read(connection, _schema);
            _readAt = Stopwatch.GetTimestamp();
            return _schema = read;
        }
    }

    private void Audit(SqlConnection connection)
    {
        if (_excessRights == ExcessRights.Report || Volatile.Read(ref _audited))
        {
            return;
        }

        if (SqlServerCredentialAudit.Run(connection, _options).Count > 0)
        {
            throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.ExcessRights), (string?)null);
        }

        Volatile.Write(ref _audited, true);
    }

    private static SqlConnection Connect(string connectionString)
    {
        var connection = new SqlConnection(connectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch (SqlException)
        {
            connection.Dispose();

            // The driver's message names the host, the login and the database.
            throw new GuardedDatabaseException("The database can not be reached.");
        }
    }
}
