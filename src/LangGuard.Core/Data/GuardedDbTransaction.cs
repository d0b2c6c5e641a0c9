using System.Data;
using System.Data.Common;

namespace LangGuard.Data;

/// <summary>A transaction of a guarded connection.</summary>
internal sealed class GuardedDbTransaction(GuardedDbConnection connection, IsolationLevel isolationLevel) : DbTransaction
{
    private bool _ended;

    public override IsolationLevel IsolationLevel => isolationLevel;

    public override bool SupportsSavepoints => false;

    protected override DbConnection? DbConnection => _ended ? null : connection;

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

        try
        {
            connection.Engine.Commit();
        }
        catch (Exception exception)
        {
            // Checks that were put off until now can fail, and the driver's text could quote rows.
            Rollback();
            var operation = new DatabaseOperation(session.Principal, Effects.Write, connection.Source.Name, "COMMIT");
            throw connection.Engine.Translate(exception, operation) ?? exception;
        }

        End();
    }

    public override void Rollback()
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        connection.Engine.Rollback();
        End();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_ended)
        {
            connection.Engine.Rollback();
            End();
        }

        base.Dispose(disposing);
    }

    private void End()
    {
        _ended = true;
        connection.Transaction = null;
    }
}
