using System.Diagnostics.CodeAnalysis;
using LangGuard.Misuse;
using Microsoft.Data.Sqlite;

namespace LangGuard.Sqlite;

/// <summary>Counts what principals use in a SQLite file of the host, so that several processes share one quota and a restart
/// forgets nothing. Keep the file outside every root of an agent, on a local disk.</summary>
/// <remarks>A loss of power may lose the last moments; the end of a process loses nothing.</remarks>
public sealed class SqliteUsageStore : IUsageStore, IDisposable
{
    /// <summary>A bound at which sums stop, far enough from the largest number to add to.</summary>
    private const long Most = long.MaxValue / 4;

    /// <summary>The same for one reservation, of which there are many.</summary>
    private const long MostReserved = Most >> 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private readonly SqliteConnection _connection;

    /// <summary>Opens the store, and creates it if it is not there.</summary>
    /// <param name="path">The absolute path of the file. Its folder must exist.</param>
    public SqliteUsageStore(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!Path.IsPathFullyQualified(path))
        {
            throw new ArgumentException("The path of the store is not absolute.", nameof(path));
        }

        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 2 }.ToString());
        try
        {
            _connection.Open();
            Run("PRAGMA busy_timeout=2000");
            Run("PRAGMA journal_mode=WAL");
            Run("PRAGMA synchronous=NORMAL");
            Run("""
                CREATE TABLE IF NOT EXISTS usage_totals (
                  scope TEXT PRIMARY KEY, started INTEGER NOT NULL, calls INTEGER NOT NULL, bytes_in INTEGER NOT NULL,
                  bytes_out INTEGER NOT NULL, rows INTEGER NOT NULL, time INTEGER NOT NULL) STRICT, WITHOUT ROWID
                """);
            Run("""
                CREATE TABLE IF NOT EXISTS usage_reservations (
                  scope TEXT NOT NULL, id TEXT NOT NULL, bytes_out INTEGER NOT NULL, started INTEGER NOT NULL,
                  expires INTEGER NOT NULL, PRIMARY KEY (scope, id)) STRICT, WITHOUT ROWID
                """);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public UsageTotals Reserve(UsageReservation reservation, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(reservation);
        return InTransaction(() =>
        {
            Begin(reservation, now);
            Run("""
                UPDATE usage_totals SET
                  bytes_out = min($most, bytes_out + (SELECT coalesce(sum(bytes_out), 0) FROM usage_reservations AS open
                    WHERE open.scope = $scope AND expires <= $now)),
                  time = min($most, time + (SELECT coalesce(sum(max(0, expires - max(open.started, usage_totals.started))), 0)
                    FROM usage_reservations AS open WHERE open.scope = $scope AND expires <= $now))
                WHERE scope = $scope AND EXISTS (SELECT 1 FROM usage_reservations AS open WHERE open.scope = $scope AND expires <= $now)
                """, ("$scope", reservation.Scope), ("$now", now.UtcTicks), ("$most", Most));
            Run("DELETE FROM usage_reservations WHERE scope = $scope AND expires <= $now",
                ("$scope", reservation.Scope), ("$now", now.UtcTicks));
            Run("UPDATE usage_totals SET calls = calls + 1 WHERE scope = $scope", ("$scope", reservation.Scope));
            Run("INSERT INTO usage_reservations (scope, id, bytes_out, started, expires) VALUES ($scope, $id, $out, $now, $expires)",
                ("$scope", reservation.Scope), ("$id", reservation.Id), ("$out", Math.Min(MostReserved, Bounded(reservation.BytesOut))),
                ("$now", now.UtcTicks), ("$expires", reservation.Expires.UtcTicks));
            return Totals(reservation.Scope, now);
        });
    }

    /// <inheritdoc />
    public void Settle(UsageReservation reservation, OperationOutcome outcome, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(reservation);
        InTransaction(() =>
        {
            Begin(reservation, now);

            // One that has lapsed is gone and charged; only what goes beyond it is left to count.
            var isOpen = Run("""
                UPDATE usage_totals SET time = min($most, time + (SELECT max(0, $now - max(open.started, usage_totals.started))
                  FROM usage_reservations AS open WHERE open.scope = $scope AND id = $id))
                WHERE scope = $scope AND EXISTS (SELECT 1 FROM usage_reservations AS open WHERE open.scope = $scope AND id = $id)
                """, ("$scope", reservation.Scope), ("$id", reservation.Id), ("$now", now.UtcTicks), ("$most", Most)) > 0;
            Run("DELETE FROM usage_reservations WHERE scope = $scope AND id = $id", ("$scope", reservation.Scope), ("$id", reservation.Id));
            var bytesOut = isOpen ? outcome.BytesOut : outcome.BytesOut - Math.Min(outcome.BytesOut, reservation.BytesOut);
            return Run("""
                UPDATE usage_totals SET bytes_in = min($most, bytes_in + $in), bytes_out = min($most, bytes_out + $out),
                  rows = min($most, rows + $rows) WHERE scope = $scope
                """, ("$scope", reservation.Scope), ("$in", Bounded(outcome.BytesIn)), ("$out", Bounded(bytesOut)),
                ("$rows", Bounded(outcome.Rows)), ("$most", Most));
        });
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var command in _commands.Values)
            {
                command.Dispose();
            }

            _commands.Clear();
            _connection.Dispose();
        }
    }

    private static long Bounded(long value) => Math.Clamp(value, 0, Most);

    /// <summary>Makes the row of the scope, or begins it anew where its period is over.</summary>
    private void Begin(UsageReservation reservation, DateTimeOffset now) => Run("""
        INSERT INTO usage_totals (scope, started, calls, bytes_in, bytes_out, rows, time) VALUES ($scope, $now, 0, 0, 0, 0, 0)
        ON CONFLICT (scope) DO UPDATE SET started = $now, calls = 0, bytes_in = 0, bytes_out = 0, rows = 0, time = 0
        WHERE $now - started >= $period
        """, ("$scope", reservation.Scope), ("$now", now.UtcTicks), ("$period", reservation.Period?.Ticks ?? long.MaxValue));

    private UsageTotals Totals(string scope, DateTimeOffset now)
    {
        using var reader = Command("""
            SELECT calls, bytes_in, totals.bytes_out, rows, time, count(id), coalesce(sum(open.bytes_out), 0),
              coalesce(sum(max(0, $now - max(open.started, totals.started))), 0)
            FROM usage_totals AS totals LEFT JOIN usage_reservations AS open ON open.scope = totals.scope WHERE totals.scope = $scope
            """, ("$scope", scope), ("$now", now.UtcTicks)).ExecuteReader();
        reader.Read();
        return new UsageTotals(
            reader.GetInt64(0), reader.GetInt64(5), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(6), reader.GetInt64(3),
            new TimeSpan(UsageAmounts.Sum(reader.GetInt64(4), reader.GetInt64(7))));
    }

    /// <summary>Runs as one step that no other process can come between.</summary>
    private T InTransaction<T>(Func<T> work)
    {
        lock (_lock)
        {
            Run("BEGIN IMMEDIATE");
            try
            {
                var answer = work();
                Run("COMMIT");
                return answer;
            }
            catch
            {
                Run("ROLLBACK");
                throw;
            }
        }
    }

    private int Run(string statement, params ReadOnlySpan<(string Name, object Value)> values) => Command(statement, values).ExecuteNonQuery();

    [SuppressMessage("Security", "CA2100", Justification = "Callers pass constant statements; values are parameters.")]
    private SqliteCommand Command(string statement, params ReadOnlySpan<(string Name, object Value)> values)
    {
        if (!_commands.TryGetValue(statement, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = statement;
            _commands.Add(statement, command);
        }

        if (command.Parameters.Count == 0)
        {
            foreach (var (name, value) in values)
            {
                command.Parameters.AddWithValue(name, value);
            }
        }
        else
        {
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters[i].Value = values[i].Value;
            }
        }

        return command;
    }
}
