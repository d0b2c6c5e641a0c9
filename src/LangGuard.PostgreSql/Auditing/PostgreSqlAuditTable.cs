using System.Diagnostics.CodeAnalysis;
using System.Text;
using LangGuard.Auditing;
using Npgsql;
using NpgsqlTypes;

namespace LangGuard.PostgreSql.Auditing;

/// <summary>Audit records in a PostgreSQL database of the host. A lock on the server, held by the connection, keeps a second
/// writer out.</summary>
internal sealed class PostgreSqlAuditTable(NpgsqlConnectionStringBuilder settings) : IAuditTable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS langguard_audit (number bigint PRIMARY KEY, hash bytea NOT NULL, record text NOT NULL);
        CREATE TABLE IF NOT EXISTS langguard_audit_checkpoint (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, size bigint NOT NULL, checkpoint text NOT NULL);
        """;

    /// <summary>Seconds that the writer waits for the next rows of its own table: a lock or a server that hangs must not keep it for good.</summary>
    private const int WriterReads = 30;

    private NpgsqlConnection? _connection;
    private bool _isWriter;

    /// <summary>One connection of its own, that gives up on a server which does not answer.</summary>
    internal static NpgsqlConnectionStringBuilder Settings(string connectionString) => new(connectionString)
    {
        Pooling = false,
        Enlist = false,
        MaxAutoPrepare = 0,
        Timeout = 5,
        CommandTimeout = 5,
        CancellationTimeout = 1000,
        KeepAlive = 5,
        IncludeErrorDetail = false,
        PersistSecurityInfo = false,
        ApplicationName = "LangGuard audit",
    };

    public void Open()
    {
        OpenToRead();
        _isWriter = true;
        Lock();

        if (Ask("SELECT to_regclass('langguard_audit') IS NULL OR to_regclass('langguard_audit_checkpoint') IS NULL"))
        {
            Run(Schema);
        }

        if (Ask("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'"))
        {
            throw new AuditUnavailableException("The audit database can only be read.");
        }
    }

    /// <summary>Connects without the right to be the writer.</summary>
    internal void OpenToRead()
    {
        Dispose();
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            _connection = connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Read(long from, long count, Action<AuditRow> visit)
    {
        using var command = Command("SELECT number, hash, record FROM langguard_audit WHERE number >= $1 ORDER BY number LIMIT $2");
        command.CommandTimeout = _isWriter ? WriterReads : 0;
        Add(command, from, count);
        AuditRows.Visit(command, visit);
    }

    public string Checkpoints()
    {
        using var command = Command("SELECT checkpoint FROM langguard_audit_checkpoint ORDER BY id");
        return AuditRows.Checkpoints(command);
    }

    public void Append(IReadOnlyList<AuditRow> rows, bool isDurable)
    {
        // All or none. What is durable waits for the disk whatever the server's default is.
        using var batch = new NpgsqlBatch(_connection ?? throw new AuditUnavailableException("The audit database is closed."));
        batch.Timeout = 5;
        if (isDurable)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SET LOCAL synchronous_commit = on"));
        }

        var insert = new NpgsqlBatchCommand("INSERT INTO langguard_audit SELECT * FROM unnest($1, $2, $3)");
        insert.Parameters.Add(new() { Value = rows.Select(row => row.Number).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        insert.Parameters.Add(new() { Value = rows.Select(row => row.Hash).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        insert.Parameters.Add(new() { Value = rows.Select(row => Encoding.UTF8.GetString(row.Record)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        batch.BatchCommands.Add(insert);
        using var transaction = _connection.BeginTransaction();
        batch.Transaction = transaction;
        batch.ExecuteNonQuery();
        transaction.Commit();
    }

    public void Keep(AuditCheckpoint checkpoint)
    {
        using var command = Command("INSERT INTO langguard_audit_checkpoint (size, checkpoint) VALUES ($1, $2)");
        Add(command, checkpoint.Size, checkpoint.ToString());
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }

    // The server needs a moment to notice that the writer before is gone, so a lock that is held is waited for.
    private void Lock()
    {
        try
        {
            Run("SET lock_timeout = '2s'; SELECT pg_advisory_lock(hashtextextended('langguard_audit:' || current_schema(), 0)); SET lock_timeout = 0");
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new AuditUnavailableException("Another process writes the audit database.", error);
        }
    }

    private bool Ask(string text)
    {
        using var command = Command(text);
        return command.ExecuteScalar() is true;
    }

    private void Run(string text)
    {
        using var command = Command(text);
        command.ExecuteNonQuery();
    }

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object> values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }
    }

    [SuppressMessage("Security", "CA2100", Justification = "The texts are constants.")]
    private NpgsqlCommand Command(string text) =>
        new(text, _connection ?? throw new AuditUnavailableException("The audit database is closed."));
}
