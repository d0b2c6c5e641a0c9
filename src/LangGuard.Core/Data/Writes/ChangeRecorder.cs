using LangGuard.Permissions;

namespace LangGuard.Data;

/// <summary>Runs a change and keeps the rows that it touches, as they were and as it left them.</summary>
/// <remarks>The change runs twice: taken back at once, for the keys of the rows; then again, and only if it touches the very
/// same rows. Both runs and everything read between them see the same state of the database.</remarks>
internal sealed class ChangeRecorder
{
    private readonly GuardedDbConnection _connection;
    private readonly DatabaseOperation _operation;
    private readonly EngineStatement _plain;
    private readonly DatabaseGrant _grant;
    private readonly int _most;
    private readonly ExpectedRows? _expected;
    private readonly CancellationToken _cancelled;

    private ChangeRecorder(
        GuardedDbConnection connection, DatabaseOperation operation, EngineStatement plain, DatabaseGrant grant, int most,
        ExpectedRows? expected, CancellationToken cancelled)
    {
        _connection = connection;
        _operation = operation;
        _plain = plain;
        _grant = grant;
        _most = most;
        _expected = expected;
        _cancelled = cancelled;
    }

    private DatabaseJournal Journal =>
        _connection.Source.Session.State<DatabaseJournals>().Of(_connection.Source.Name);

    /// <summary>Runs a change.</summary>
    /// <param name="connection">Where; in its transaction, or in one of its own.</param>
    /// <param name="operation">What was decided on.</param>
    /// <param name="statement">What runs, confined.</param>
    /// <param name="grant">The limits.</param>
    /// <param name="most">Rows at most.</param>
    /// <param name="expected">The rows that it has to touch; null for any that are granted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static EngineChange Run(
        GuardedDbConnection connection, DatabaseOperation operation, EngineStatement statement, DatabaseGrant grant, int most,
        ExpectedRows? expected, CancellationToken cancellationToken) =>
        new ChangeRecorder(connection, operation, statement, grant, most, expected, cancellationToken).Run();

    private EngineChange Run()
    {
        var keyed = KeyedChange.TryCreate(_connection.Source.Engine, _plain, _operation, _grant);
        if (_connection.Transaction is not null)
        {
            return Record(keyed);
        }

        var lease = _connection.Engine;
        lease.Begin(repeatable: true);
        using var transaction = new GuardedDbTransaction(_connection, System.Data.IsolationLevel.RepeatableRead);
        _connection.Transaction = transaction;
        var change = Record(keyed);
        if (change.Affected >= 0)
        {
            transaction.Commit();
        }

        return change;
    }

    private EngineChange Record(KeyedChange? keyed)
    {
        var lease = _connection.Engine;
        if (keyed is not { TellsKeys: true })
        {
            return Unrecorded();
        }

        var statement = ChangeRunner.Guarded(keyed.Statement, _operation, _grant);
        var columns = Columns(keyed);
        var before = new RowImages(columns);
        IReadOnlyList<object?[]> keys = [];
        if (keyed.TouchesRows)
        {
            var trial = lease.Change(statement with { IsTrial = true }, _most, _cancelled);
            if (trial.Affected < 0)
            {
                return trial;
            }

            keys = trial.Keys;
            if (!keys.All(RowReader.IsKey) || !TryRead(keyed, keys, out before)
                || (keyed.Change.Kind != SqlStatementKind.Insert && before.Count != RowKeys.Count(keys)))
            {
                return Unrecorded();
            }
        }

        var sideEffects = statement.Verdict!;
        var change = lease.Change(
            statement with
            {
                Verdict = done => sideEffects(done) is < 0 and var refused ? refused
                    : keyed.TouchesRows && !RowKeys.AreSame(done.Keys, keys) ? DatabaseEngineSession.Drift
                    : _expected?.Verdict(done) is < 0 and var drifted ? drifted
                    : !_grant.Undo.UnguardedWithoutUndo && (!done.Keys.All(RowReader.IsKey) || HasSideEffects(done, keyed))
                        ? DatabaseEngineSession.NoUndo
                    : 0,
            },
            _most, _cancelled);
        return change.Affected < 0 ? change : Keep(keyed, before, change);
    }

    private EngineChange Keep(KeyedChange keyed, RowImages before, EngineChange change)
    {
        var isRead = TryRead(keyed, change.Keys, out var after);
        var entry = new DatabaseJournalEntry
        {
            Kind = keyed.Change.Kind switch
            {
                SqlStatementKind.Insert => DatabaseChangeKind.Insert,
                SqlStatementKind.Update => DatabaseChangeKind.Update,
                _ => DatabaseChangeKind.Delete,
            },
            Rows = keyed.Rows,
            Before = before,
            After = after,
            Time = _connection.Source.Session.Tree.TimeProvider.GetUtcNow(),
        };
        if (isRead && Journal.TryAdd(entry, _grant.Undo.MaxBytes))
        {
            _connection.Transaction!.Add(Journal, entry);
        }
        else if (!_grant.Undo.UnguardedWithoutUndo)
        {
            // The rows are changed already: nothing of this transaction may last.
            var reason = isRead ? DatabaseReasons.UndoFull : DatabaseReasons.NoUndo;
            _connection.Transaction!.Refuse(reason);
            throw ChangeRunner.Denied(reason, _operation);
        }

        return change;
    }

    private EngineChange Unrecorded() => !_grant.Undo.UnguardedWithoutUndo
        ? throw ChangeRunner.Denied(DatabaseReasons.NoUndo, _operation)
        : ChangeRunner.Plain(_connection, _operation, _plain, _grant, _most, _expected, _cancelled);

    /// <summary>What has to be kept: of changed rows the columns that change, of rows that go everything.</summary>
    private List<string> Columns(KeyedChange keyed)
    {
        var table = keyed.Rows.Table;
        var visible = _grant.VisibleColumns(table, _operation.DefaultSchema);
        return
        [
            .. table.Columns.Where((column, index) => !keyed.Rows.Details.Computed.Contains(column) && keyed.Change.Kind switch
            {
                SqlStatementKind.Delete => true,
                SqlStatementKind.Update => (keyed.Change.Target.ColumnUse(index) & SqlUse.Update) != 0,
                _ => visible.Contains(column) || (keyed.Change.Target.ColumnUse(index) & SqlUse.Update) != 0,
            }),
        ];
    }

    /// <summary>Whether rows of another table went along, which are not kept. Tables that are named for side effects do not
    /// count.</summary>
    private bool HasSideEffects(in EngineChange change, KeyedChange keyed)
    {
        foreach (var table in change.Tables)
        {
            var isTarget = table.Table.Length == 0
                || (table.Table == keyed.Rows.Table.Name && table.Schema == keyed.Rows.Table.Schema);
            if (isTarget ? table.Rows > change.Affected
                : !_grant.AllowsSideEffect(table, _operation.DefaultSchema, out var isListed) || !isListed)
            {
                return true;
            }
        }

        return false;
    }

    private bool TryRead(KeyedChange keyed, IReadOnlyList<object?[]> keys, out RowImages images)
    {
        var columns = Columns(keyed);
        images = new RowImages(columns);
        try
        {
            images = keyed.Rows.Read(
                _connection.Engine, keys, columns, new RowLimits(_grant.Undo.MaxBytes, _plain.Timeout), _cancelled);
            return true;
        }
        catch (RowsTooLargeException)
        {
            return false;
        }
        catch (Exception exception)
            when (_connection.Engine.Translate(exception, _operation) is DbAccessDeniedException { Decision.Reason: var reason }
                && reason == DatabaseReasons.EngineRefused)
        {
            // The login may not read what would have to be kept.
            return false;
        }
    }
}
