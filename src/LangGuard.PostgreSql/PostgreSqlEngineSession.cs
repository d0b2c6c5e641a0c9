using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using LangGuard.Ablation;
using LangGuard.Data;
using LangGuard.Permissions;
using Npgsql;

namespace LangGuard.PostgreSql;

/// <summary>One connection to PostgreSQL. A query runs as a cursor in a sealed read-only transaction that always ends with
/// ROLLBACK, all in one round trip. Behind a pooler nothing is set on the connection itself.</summary>
[SuppressMessage("Security", "CA2100", Justification = "The server's own grammar admits no more than a query or a change.")]
internal sealed partial class PostgreSqlEngineSession : ServerEngineSession
{
    private static long _lastName;

    private readonly NpgsqlConnection _connection;
    private readonly DatabaseScope _scope;
    private readonly byte[] _rowKey;
    private readonly PostgreSqlStandingSettings _standing;
    private NpgsqlBatch? _batch;

    /// <param name="connection">The connection, which is the session's alone.</param>
    /// <param name="scope">What may be done.</param>
    /// <param name="rowKey">The key that row filters of the server are signed with.</param>
    /// <param name="isDirect">Whether the connection is known to lead to one process of the server and no other.</param>
    internal PostgreSqlEngineSession(NpgsqlConnection connection, DatabaseScope scope, byte[] rowKey, bool isDirect)
        : base(connection)
    {
        _rowKey = rowKey;
        _standing = new PostgreSqlStandingSettings(isDirect);
        _connection = connection;
        _scope = scope;
    }

    internal override DbDataReader Query(EngineStatement statement, CancellationToken cancellationToken)
    {
        var isCursor = statement.Facts?.Kind != SqlStatementKind.Explain && !_scope.Off.Has(Wall.PostgreSqlCursor);
        var stands = isCursor && Stands(statement);
        var batch = Start(statement, readOnly: true, stands, cancellationToken);
        var hasSettings = batch.BatchCommands.Count > 1;
        if (!isCursor)
        {
            batch.BatchCommands.Add(PostgreSqlText.Command(string.Empty, statement));
        }
        else
        {
            // Only a query without a change, a lock or a second statement can be declared as a cursor: the server's own
            // grammar says so, whatever the inspector thought of the text.
            var cursor = NewName();
            batch.BatchCommands.Add(PostgreSqlText.Command($"DECLARE {cursor} NO SCROLL CURSOR FOR ", statement));
            Add(batch, statement.IsOwn
                ? $"FETCH ALL FROM {cursor}"
                : string.Create(CultureInfo.InvariantCulture, $"FETCH {_scope.Grant.MaxRows + 1L} FROM {cursor}"));
        }

        End(batch);
        NpgsqlDataReader? reader = null;
        try
        {
            reader = batch.ExecuteReader();
            if (hasSettings)
            {
                reader.NextResult();
            }

            return reader;
        }
        catch (Exception exception)
        {
            Note(exception);
            reader?.Dispose();
            throw;
        }
    }

    internal override EngineChange Change(EngineStatement statement, int maxAffected, CancellationToken cancellationToken)
    {
        // What a change sets lasts as long as what it changes.
        _standing.Forget();
        var batch = Start(statement, readOnly: false, stands: false, cancellationToken);
        Add(batch, PostgreSqlText.ChangedRows);

        // Only a query or a change of rows can be prepared: the server's own grammar keeps everything else out.
        var name = NewName();
        batch.BatchCommands.Add(PostgreSqlText.Prepare(name, statement));
        Add(batch, $"DEALLOCATE {name}");
        var change = PostgreSqlText.Command(string.Empty, statement);
        batch.BatchCommands.Add(change);
        Add(batch, PostgreSqlText.ChangedRows);

        try
        {
            EngineChange done;
            using (var reader = batch.ExecuteReader())
            {
                HasRun();
                done = Read(reader, statement, maxAffected);
            }

            // The driver counts the rows of the outermost statement alone; of a query over WITH that would be those it returns.
            if (done.Affected >= 0)
            {
                var changed = statement.Facts is { Changes.Count: 1, Kind: not SqlStatementKind.Query }
                    ? (long)change.Rows
                    : done.Tables.Sum(table => table.Rows);
                done = changed > maxAffected ? new EngineChange(-1) : done with { Affected = (int)changed };
            }

            return Conclude(statement, done);
        }
        catch (Exception exception)
        {
            Note(exception);
            throw;
        }
    }

    internal override Exception? Translate(Exception exception, DatabaseOperation operation)
    {
        Note(exception);
        return PostgreSqlErrors.Translate(exception, operation, Cancelled);
    }

    protected override string BeginText(bool repeatable) =>
        repeatable && _scope.Options.Writes ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE"
        : _scope.Options.Writes ? "BEGIN READ WRITE" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    protected override bool IsServerError(Exception exception) => exception is NpgsqlException;

    protected override bool ReleaseStatement()
    {
        _batch?.Dispose();
        _batch = null;
        return false;
    }

    protected override bool ForgetCancellation()
    {
        if (!InTransaction)
        {
            return true;
        }

        try
        {
            // A transaction that was stopped takes no command but the way back to its savepoint; one that came to the end of
            // its query has no savepoint any more.
            Run("SELECT 1");
            return false;
        }
        catch (PostgresException)
        {
            return true;
        }
    }

    private static void Add(NpgsqlBatch batch, string text) => batch.BatchCommands.Add(new NpgsqlBatchCommand(text));

    private static string NewName() =>
        string.Create(CultureInfo.InvariantCulture, $"langguard_{Interlocked.Increment(ref _lastName)}");

    /// <summary>Reads the results of a change: those of the settings, of the counters before, of the change if it returns
    /// rows, of the counters after.</summary>
    private static EngineChange Read(NpgsqlDataReader reader, EngineStatement statement, int maxAffected)
    {
        ReturnedRows? rows = null;
        var refusal = 0;
        reader.NextResult();
        var before = ReadCounts(reader);
        var after = before;
        while (reader.NextResult())
        {
            // Not by the name of the column: a change may call its own like the counters'.
            if (rows is null && (statement.Facts?.ReturnsRows ?? reader.GetName(0) != PostgreSqlText.ChangedRowsColumn))
            {
                rows = ReturnedRows.Read(reader, statement, statement.ChecksNewRows ? 1 : 0, maxAffected, out refusal);
            }
            else
            {
                after = ReadCounts(reader);
            }
        }

        return refusal != 0 ? new EngineChange(refusal)
            : new EngineChange(0, rows is { FieldCount: > 0 } ? rows : null) 
            {
                Keys = rows?.Keys ?? [],
                Tables = Difference(before, after),
            };
    }

    private static Dictionary<(string, string), TableChange> ReadCounts(NpgsqlDataReader reader)
    {
        var counts = new Dictionary<(string, string), TableChange>();
        while (reader.Read())
        {
            var (schema, table) = (reader.GetString(0), reader.GetString(1));
            counts[(schema, table)] =
                new TableChange(schema, table, reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
        }

        return counts;
    }

    private static List<TableChange> Difference(
        Dictionary<(string, string), TableChange> before, Dictionary<(string, string), TableChange> after)
    {
        var changes = new List<TableChange>();
        foreach (var (name, count) in after)
        {
            var old = before.GetValueOrDefault(name);
            if (count.Rows > old.Rows)
            {
                changes.Add(count with
                {
                    Inserted = count.Inserted - old.Inserted,
                    Updated = count.Updated - old.Updated,
                    Deleted = count.Deleted - old.Deleted,
                });
            }
        }

        return changes;
    }

    /// <summary>Whether the settings of a query stand on the connection already, or do from now on. Every query ends with
    /// ROLLBACK, which takes back whatever a statement sets, for a session too.</summary>
    private bool Stands(EngineStatement statement)
    {
        if (InTransaction || !_standing.Needs(statement.Timeout, out var isSet))
        {
            return false;
        }

        if (!isSet)
        {
            Recover();
            Run(PostgreSqlText.Settings(statement.Timeout, seal: false, isLocal: false));
            _standing.Set(statement.Timeout);
        }

        return true;
    }

    private NpgsqlBatch Start(EngineStatement statement, bool readOnly, bool stands, CancellationToken cancellationToken)
    {
        var timeout = statement.Timeout;
        cancellationToken.ThrowIfCancellationRequested();
        Recover();
        var batch = _batch = new NpgsqlBatch(_connection)
        {
            // The server's own limit comes first; this one is for a server that does not answer.
            Timeout = (int)Math.Min(timeout.TotalSeconds + 10, int.MaxValue),
        };
        Add(batch, InTransaction ? $"SAVEPOINT {Mark}"
            : readOnly && !_scope.Off.Has(Wall.PostgreSqlReadOnly) ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
            : "BEGIN READ WRITE");
        var rows = Rows(statement);
        if (!stands)
        {
            // As a query it also takes the snapshot, after which nothing makes the transaction writable.
            var seal = readOnly && InTransaction && !_scope.Off.Has(Wall.PostgreSqlReadOnly);
            Add(batch, PostgreSqlText.Settings(timeout, seal, rows: rows));
        }
        else if (rows is not null)
        {
            Add(batch, PostgreSqlText.RowSetting(rows));
        }

        // A cursor takes the snapshot as its text is read, before anything of it runs.
        CancelBy(batch.Cancel, cancellationToken);
        return batch;
    }

    private string? Rows(EngineStatement statement) => _rowKey.Length > 0 && statement.Principal is { } principal
        ? PostgreSqlRowSecurity.Sign(_rowKey, _scope.Options, principal, statement.Timeout, TimeProvider.System.GetUtcNow())
        : null;

    private void End(NpgsqlBatch batch)
    {
        if (InTransaction)
        {
            Add(batch, $"ROLLBACK TO SAVEPOINT {Mark}");
            Add(batch, $"RELEASE SAVEPOINT {Mark}");
        }
        else
        {
            Add(batch, "ROLLBACK");
        }
    }
}
