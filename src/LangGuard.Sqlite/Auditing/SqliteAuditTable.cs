using System.Diagnostics.CodeAnalysis;
using System.Text;
using LangGuard.Auditing;
using Microsoft.Data.Sqlite;

namespace LangGuard.Sqlite.Auditing;

/// <summary>Audit records in a SQLite file of the host. A lock that the operating system lets go of when the process ends
/// keeps a second writer out.</summary>
internal sealed class SqliteAuditTable(string path) : IAuditTable
{
    internal const string LockSuffix = "-writer";

    private const string Schema = """
        PRAGMA journal_mode = WAL;
        CREATE TABLE IF NOT EXISTS langguard_audit (number INTEGER PRIMARY KEY, hash BLOB NOT NULL, record TEXT NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS langguard_audit_checkpoint (id INTEGER PRIMARY KEY, size INTEGER NOT NULL, checkpoint TEXT NOT NULL) STRICT;
        """;

    private readonly SqliteAuditWatch _watch = new(path);
    private SqliteConnection? _connection;
    private SqliteConnection? _writer;

    public void Open()
    {
        _watch.ThrowIfReplaced();
        Close();
        _watch.ForgetLog();
        SqliteAuditPlace.Prepare(path);
        _watch.Begin();
        try
        {
            _writer ??= Lock();
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode == 5)
        {
            throw new AuditUnavailableException("Another process writes the audit database.", failure);
        }

        _connection = Connect(path, SqliteOpenMode.ReadWrite);
        Run(Schema);
        _watch.ThrowIfReplaced();
        _watch.KeepLog();
    }

    /// <summary>Connects without the right to write.</summary>
    internal void OpenToRead()
    {
        try
        {
            _connection = Connect(path, SqliteOpenMode.ReadOnly);
        }
        catch (SqliteException failure)
        {
            throw new AuditUnavailableException("The audit database can not be read.", failure);
        }
    }

    public void Read(long from, long count, Action<AuditRow> visit)
    {
        using var command = Command(
            "SELECT number, hash, record FROM langguard_audit WHERE number >= $from ORDER BY number LIMIT $count",
            ("$from", from), ("$count", count));
        AuditRows.Visit(command, visit);
    }

    public string Checkpoints()
    {
        using var command = Command("SELECT checkpoint FROM langguard_audit_checkpoint ORDER BY id");
        return AuditRows.Checkpoints(command);
    }

    public void Append(IReadOnlyList<AuditRow> rows, bool isDurable)
    {
        Run(isDurable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        using var transaction = _connection!.BeginTransaction(deferred: false);
        using var command = Command(
            "INSERT INTO langguard_audit VALUES ($number, $hash, $record)", ("$number", 0L), ("$hash", Array.Empty<byte>()), ("$record", ""));
        command.Transaction = transaction;
        foreach (var row in rows)
        {
            command.Parameters[0].Value = row.Number;
            command.Parameters[1].Value = row.Hash;
            command.Parameters[2].Value = Encoding.UTF8.GetString(row.Record);
            command.ExecuteNonQuery();
        }

        transaction.Commit();
        _watch.ThrowIfReplaced();
    }

    public void Keep(AuditCheckpoint checkpoint)
    {
        Run("PRAGMA synchronous = FULL");
        using var command = Command(
            "INSERT INTO langguard_audit_checkpoint (size, checkpoint) VALUES ($size, $checkpoint)",
            ("$size", checkpoint.Size), ("$checkpoint", checkpoint.ToString()));
        command.ExecuteNonQuery();
        _watch.ThrowIfReplaced();
    }

    public void Dispose()
    {
        Close();
        _writer?.Dispose();
        _writer = null;
    }

    private SqliteConnection Lock()
    {
        var connection = Connect(path + LockSuffix, SqliteOpenMode.ReadWrite);
        try
        {
            using var command = connection.CreateCommand();
            command.CommandTimeout = 1;
            command.CommandText = "BEGIN EXCLUSIVE";
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static SqliteConnection Connect(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = 5,
        }.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private void Run(string text)
    {
        using var command = Command(text);
        command.ExecuteNonQuery();
    }

    [SuppressMessage("Security", "CA2100", Justification = "The texts are constants.")]
    private SqliteCommand Command(string text, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = (_connection ?? throw new AuditUnavailableException("The audit database is closed.")).CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
