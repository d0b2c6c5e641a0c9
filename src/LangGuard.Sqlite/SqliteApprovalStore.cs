using System.Diagnostics.CodeAnalysis;
using LangGuard.Misuse;
using Microsoft.Data.Sqlite;

namespace LangGuard.Sqlite;

/// <summary>Keeps requests for approval in a SQLite file of the host, so that they outlive the process and other processes can
/// answer them. Keep the file outside every root of an agent.</summary>
public sealed class SqliteApprovalStore : IApprovalStore, IDisposable
{
    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection;

    /// <summary>Opens the store, and creates it if it is not there.</summary>
    /// <param name="path">The absolute path of the file. Its folder must exist.</param>
    public SqliteApprovalStore(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!Path.IsPathFullyQualified(path))
        {
            throw new ArgumentException("The path of the store is not absolute.", nameof(path));
        }

        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            _connection.Open();
            Run("PRAGMA busy_timeout=5000");
            Run("PRAGMA journal_mode=WAL");
            Run("PRAGMA synchronous=FULL");
            Run("""
                CREATE TABLE IF NOT EXISTS approvals (
                  id TEXT PRIMARY KEY, scope TEXT NOT NULL, effect TEXT NOT NULL, expires INTEGER NOT NULL,
                  state INTEGER NOT NULL, request TEXT NOT NULL) STRICT, WITHOUT ROWID
                """);
            Run("CREATE INDEX IF NOT EXISTS approvals_by_scope ON approvals (scope)");
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public bool TryAdd(ApprovalEntry entry, int mostOpen, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_lock)
        {
            Run("DELETE FROM approvals WHERE expires <= $now OR state >= $ended", ("$now", now.UtcTicks), Ended);

            // One statement, so that no other process adds in between.
            return Run("""
                INSERT OR IGNORE INTO approvals (id, scope, effect, expires, state, request)
                SELECT $id, $scope, $effect, $expires, $state, $request
                WHERE (SELECT count(*) FROM approvals WHERE scope = $scope) < $most
                """,
                ("$id", entry.Id), ("$scope", entry.Scope), ("$effect", entry.EffectHash), ("$expires", entry.Expires.UtcTicks),
                ("$state", (int)entry.State), ("$request", entry.Request), ("$most", mostOpen)) == 1;
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<ApprovalEntry> Open(string scope, DateTimeOffset now)
    {
        lock (_lock)
        {
            using var command = Command("""
                SELECT id, scope, effect, expires, state, request FROM approvals
                WHERE scope = $scope AND expires > $now AND state < $ended ORDER BY expires, id
                """, ("$scope", scope), ("$now", now.UtcTicks), Ended);
            using var reader = command.ExecuteReader();
            var entries = new List<ApprovalEntry>();
            while (reader.Read())
            {
                entries.Add(new ApprovalEntry(
                    reader.GetString(0), reader.GetString(1), reader.GetString(2), new DateTimeOffset(reader.GetInt64(3), TimeSpan.Zero),
                    (ApprovalState)reader.GetInt32(4), reader.GetString(5)));
            }

            return entries;
        }
    }

    /// <inheritdoc />
    public bool TryChange(string id, ApprovalState from, ApprovalState to, DateTimeOffset now)
    {
        lock (_lock)
        {
            return Run("UPDATE approvals SET state = $to WHERE id = $id AND state = $from AND expires > $now",
                ("$id", id), ("$from", (int)from), ("$to", (int)to), ("$now", now.UtcTicks)) == 1;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _connection.Dispose();
        }
    }

    private static (string Name, object Value) Ended => ("$ended", (int)ApprovalState.Rejected);

    private int Run(string statement, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(statement, values);
        return command.ExecuteNonQuery();
    }

    [SuppressMessage("Security", "CA2100", Justification = "Callers pass constant statements; values are parameters.")]
    private SqliteCommand Command(string statement, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = statement;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
