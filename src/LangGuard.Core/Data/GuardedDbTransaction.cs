using System.Data;
using System.Data.Common;

namespace LangGuard.Data;

/// <summary>A transaction of a guarded connection.</summary>
internal sealed class GuardedDbTransaction(GuardedDbConnection connection, IsolationLevel isolationLevel) : DbTransaction
{
    private readonly List<(DatabaseJournal Journal, DatabaseJournalEntry Entry)> _recorded = [];
    private Reason? _refusal;
    private bool _ended;

    public override IsolationLevel IsolationLevel => isolationLevel;

    public override bool SupportsSavepoints => false;

    protected override DbConnection? DbConnection => _ended ? null : connection;

    /// <summary>Writes down a change that lasts when the transaction does.</summary>
    internal void Add(DatabaseJournal journal, DatabaseJournalEntry entry) => _recorded.Add((journal, entry));

    /// <summary>Nothing of this transaction may last.</summary>
    internal void Refuse(Reason reason) => _refusal ??= reason;

    public override void Commit()
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        var session = connection.Source.Session;
        if (session.HasEnded || session.IsFrozen)
        {
            // A freeze between the statement and its commit keeps it from lasting.
            Rollback();
            throw new DbAccessDeniedException(Decision.Deny(Reasons.SessionEnded), connection.Source.Name);
        }

        if (_refusal is { } reason)
        {
            Rollback();
            throw new DbAccessDeniedException(Decision.Deny(reason), connection.Source.Name);
        }

        try
        {
            connection.Engine.Commit();
        }
        catch (Exception exception)
        {
            // Checks that were put off until now can fail, and the driver's text could quote rows.
            Rollback();
            var operation = new DatabaseOperation(session.Principal, Effects.Write, connection.Source.Name, "COMMIT")
            {
                Place = connection.Source.Engine.Place,
            };
            throw connection.Engine.Translate(exception, operation) ?? exception;
        }

        _recorded.ForEach(recorded => recorded.Entry.State = ChangeState.Done);
        End();
    }

    public override void Rollback()
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        TakeBack();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_ended)
        {
            TakeBack();
        }

        base.Dispose(disposing);
    }

    /// <summary>Forgets what was recorded only when the engine says that it is gone: after a lost connection nobody knows.</summary>
    private void TakeBack()
    {
        try
        {
            connection.Engine.Rollback();
            _recorded.ForEach(recorded => recorded.Journal.Remove(recorded.Entry));
        }
        finally
        {
            End();
        }
    }

    private void End()
    {
        _ended = true;
        connection.Transaction = null;
    }
}
