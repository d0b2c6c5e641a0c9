using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace LangGuard.Data;

/// <summary>A connection to a server whose transactions are said in SQL: a statement outside of one gets its own, a statement
/// inside gets a savepoint, and what failed is rolled back before the next one.</summary>
[SuppressMessage("Security", "CA2100", Justification = "The texts are those of transactions, written here and by the engines.")]
internal abstract class ServerEngineSession(DbConnection connection) : DatabaseEngineSession
{
    protected const string Mark = "langguard";

    private StatementCancellation? _cancellation;
    private bool _failed;
    private bool _hasChanged;

    /// <summary>Whether <see cref="Begin"/> has begun a transaction that still runs.</summary>
    protected bool InTransaction { get; private set; }

    /// <summary>What cancels the statement that runs.</summary>
    protected CancellationToken Cancelled { get; private set; }

    internal sealed override void Begin(bool repeatable = false)
    {
        Recover();
        Run(BeginText(repeatable));
        InTransaction = true;
    }

    internal sealed override void Commit()
    {
        Recover();
        InTransaction = false;
        Run("COMMIT");
    }

    internal sealed override void Rollback()
    {
        if (InTransaction)
        {
            Release();
            InTransaction = false;
            (_failed, _hasChanged) = (false, false);
            Run(RollbackText);
        }
    }

    /// <summary>Takes back what is left now: a pool may wait with it until somebody else wants the connection, and until then
    /// others wait for its locks.</summary>
    public sealed override void Dispose()
    {
        try
        {
            Release();
            if (_failed || InTransaction)
            {
                Run(RollbackText);
            }
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException)
        {
            // A connection that is broken holds nothing any more.
        }
        finally
        {
            connection.Dispose();
        }
    }

    /// <summary>Takes back what was done since the savepoint.</summary>
    protected virtual string TakeBackText => $"ROLLBACK TO SAVEPOINT {Mark}";

    /// <summary>Forgets the savepoint, or empty where there is nothing to forget.</summary>
    protected virtual string KeepText => $"RELEASE SAVEPOINT {Mark}";

    /// <summary>Ends a transaction, which a server may have ended itself after a failure.</summary>
    protected virtual string RollbackText => "ROLLBACK";

    /// <summary>The text that begins a transaction.</summary>
    protected abstract string BeginText(bool repeatable);

    /// <summary>Whether the server or its driver threw, so that the transaction may be in a failed state.</summary>
    protected abstract bool IsServerError(Exception exception);

    /// <summary>Gives up the statement before: its reader and its command.</summary>
    /// <returns>Whether it was stopped in the middle.</returns>
    protected abstract bool ReleaseStatement();

    /// <summary>Gives up a command, and its rows where they are still being sent.</summary>
    /// <returns>Whether it was stopped in the middle.</returns>
    protected bool Stop(DbCommand? command, DbDataReader? reader)
    {
        var isOpen = reader is { IsClosed: false };
        if (isOpen)
        {
            // Closing reads the rest: the server has to stop sending it.
            command!.Cancel();
            try
            {
                reader!.Dispose();
            }
            catch (DbException failure)
            {
                Note(failure);
            }
        }

        command?.Dispose();
        return isOpen;
    }

    /// <summary>Remembers that a statement failed: the server said so, or it has run and nobody has looked at all that it did.</summary>
    protected void Note(Exception exception)
    {
        _cancellation?.Dispose();
        _failed |= _hasChanged || IsServerError(exception);
    }

    /// <summary>Says that the server has run a change. Whatever fails from here on takes it back.</summary>
    // Invariant: a change lasts only behind a verdict. One that nobody came to judge would last with the next one.
    protected void HasRun() => _hasChanged = true;

    /// <summary>Leaves what the statement before left behind, and lets a token cancel the next one.</summary>
    protected void Recover()
    {
        Release();
        if (_failed)
        {
            (_failed, _hasChanged) = (false, false);
            Run(InTransaction ? TakeBackText : RollbackText);
        }
    }

    /// <summary>Cancels a statement on the server when the token says so.</summary>
    protected void CancelBy(Action cancel, CancellationToken cancellationToken)
    {
        Cancelled = cancellationToken;
        _cancellation = cancellationToken.CanBeCanceled ? new StatementCancellation(cancel, cancellationToken) : null;
    }

    /// <summary>Takes back a cancellation that the server may have got after the end of the statement that it was for.</summary>
    /// <returns>Whether it may have stopped the statement, so that its transaction is to be ended.</returns>
    protected virtual bool ForgetCancellation() => true;

    /// <summary>Keeps a change that has run, or takes it back when it was refused or only a trial.</summary>
    protected EngineChange Conclude(EngineStatement statement, EngineChange done)
    {
        // Whether it lasts is not the token's to say any more.
        EndCancellation();
        done = done.Affected >= 0 && statement.Verdict?.Invoke(done) is < 0 and var refused ? new EngineChange(refused) : done;
        var stays = done.Affected >= 0 && !statement.IsTrial;
        var text = InTransaction ? stays ? KeepText : TakeBackText : stays ? "COMMIT" : RollbackText;
        if (text.Length > 0)
        {
            Run(text);
        }

        _hasChanged = false;
        return done;
    }

    /// <summary>Runs a text of the guard's own.</summary>
    protected void Run(string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    private void Release()
    {
        // What was stopped has not come to the end of its transaction, and a driver may close its reader without a word of it.
        _cancellation?.Dispose();
        _failed |= ReleaseStatement();
        _failed |= EndCancellation();
    }

    private bool EndCancellation()
    {
        if (_cancellation is not { } cancellation)
        {
            return false;
        }

        _cancellation = null;
        cancellation.Dispose();
        return cancellation.HasActed && ForgetCancellation();
    }
}
