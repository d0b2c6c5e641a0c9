using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using LangGuard.Data;
using LangGuard.Permissions;
using MySqlConnector;

namespace LangGuard.MySql;

/// <summary>One database of MySQL or MariaDB, with a pool of connections of its own.</summary>
internal sealed class MySqlEngine : DatabaseEngine
{
    /// <summary>A schema is not read again more often than this, however often a statement names what is not there.</summary>
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(1);

    private readonly MySqlDataSource _source;
    private readonly MySqlDataSource _schemaSource;
    private readonly DatabaseOptions _options;
    private readonly ExcessRights _excessRights;
    private readonly Lock _lock = new();
    private volatile MySqlSchema? _schema;
    private long _readAt;
    private bool _audited;

    internal MySqlEngine(MySqlConnectionStringBuilder settings, DatabaseOptions options, ExcessRights excessRights)
    {
        Place = string.Create(CultureInfo.InvariantCulture, $"mysql://{settings.Server.ToLowerInvariant()}:{settings.Port}/{settings.Database}");
        _source = MySqlConnectionSettings.Open(settings);

        // Those who hold the last connections of the pool wait for the schema: it must not wait for them.
        _schemaSource = MySqlConnectionSettings.Open(
            new MySqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false });
        _options = options;
        _excessRights = excessRights;
    }

    internal override string? Place { get; }

    internal override SqlDialect Dialect => SqlDialect.MySql;

    internal override SqlSchema Schema => Current.Names;

    internal override EngineNames Names => MySqlEngineNames.All;

    private MySqlSchema Current => _schema ?? Read();

    internal override SqlSchema Refresh() => Read().Names;

    internal override DatabaseEngineSession Open(DatabaseScope scope)
    {
        var connection = Connect(_source);
        try
        {
            Audit(connection);
            return new MySqlEngineSession(connection, scope, this);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether every table that a statement changes takes a change back whole.</summary>
    internal bool CanTakeBack(SqlFacts facts) =>
        facts.Changes.All(change => !Current.Fragile.Contains($"{change.Target.Schema}.{change.Target.Name}"));

    /// <summary>Asks the server to end what a connection runs now. The driver asks once for a command; this may be repeated.</summary>
    /// <param name="thread">The server's number of the connection.</param>
    [SuppressMessage("Security", "CA2100", Justification = "A number.")]
    internal void Cancel(int thread)
    {
        using var connection = _schemaSource.OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"KILL QUERY {thread}");
        command.ExecuteNonQuery();
    }

    internal static bool IsMariaDb(MySqlConnection connection) =>
        connection.ServerVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);

    internal override Exception Translate(Exception exception, DatabaseOperation operation) =>
        MySqlErrors.Translate(exception, operation, default) ?? new GuardedDatabaseException();

    public override void Dispose()
    {
        _source.Dispose();
        _schemaSource.Dispose();
    }

    private MySqlSchema Read()
    {
        lock (_lock)
        {
            if (_schema is { } known && Stopwatch.GetElapsedTime(_readAt) < RefreshInterval)
            {
                return known;
            }

            using var connection = Connect(_schemaSource);
            var read = MySqlSchemaReader.Read(connection, _schema, _options);
            _readAt = Stopwatch.GetTimestamp();
            return _schema = read;
        }
    }

    private void Audit(MySqlConnection connection)
    {
        if (_excessRights == ExcessRights.Report || Volatile.Read(ref _audited))
        {
            return;
        }

        if (MySqlCredentialAudit.Run(connection, _options).Count > 0)
        {
            throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.ExcessRights), (string?)null);
        }

        Volatile.Write(ref _audited, true);
    }

    private static MySqlConnection Connect(MySqlDataSource source)
    {
        try
        {
            return source.OpenConnection();
        }
        catch (MySqlException)
        {
            // The driver's message names the host, the login and the database.
            throw new GuardedDatabaseException("The database can not be reached.");
        }
    }
}
