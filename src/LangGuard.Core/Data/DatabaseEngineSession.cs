using System.Data.Common;

namespace LangGuard.Data;

/// <summary>One connection of an engine behind its wall. Used by one command at a time.</summary>
internal abstract class DatabaseEngineSession : IDisposable
{
    /// <summary>What <see cref="Change"/> returns when a new row is out of scope.</summary>
    internal const int OutOfScope = -2;

    /// <summary>What <see cref="Change"/> returns when more rows would be returned than are allowed.</summary>
    internal const int TooManyRows = -3;

    /// <summary>What <see cref="Change"/> returns when the result has other columns than were inspected.</summary>
    internal const int OtherColumns = -7;

    /// <summary>What <see cref="Change"/> returns when more bytes would be returned than are allowed.</summary>
    internal const int TooManyBytes = -4;

    /// <summary>What <see cref="EngineStatement.Verdict"/> says when tables were changed that may not be.</summary>
    internal const int SideEffect = -5;

    /// <summary>What <see cref="EngineStatement.Verdict"/> says when other rows were changed than expected.</summary>
    internal const int Drift = -6;

    /// <summary>What <see cref="EngineStatement.Verdict"/> says when the change could not be undone.</summary>
    internal const int NoUndo = -8;

    /// <summary>Runs a statement that returns rows. The reader is read to its end, or disposed, before the next statement.</summary>
    internal abstract DbDataReader Query(EngineStatement statement, CancellationToken cancellationToken);

    /// <summary>Runs a statement that changes rows, all or nothing: more than <paramref name="maxAffected"/> rows and
    /// nothing is changed.</summary>
    /// <returns>The rows that were changed, and those that the statement returns.</returns>
    internal abstract EngineChange Change(EngineStatement statement, int maxAffected, CancellationToken cancellationToken);

    /// <summary>Begins a transaction for several statements.</summary>
    /// <param name="repeatable">Whether all of them see the database as the first one does.</param>
    internal abstract void Begin(bool repeatable = false);

    /// <summary>What the engine expects a statement to cost, or null when it does not tell.</summary>
    internal virtual PlanEstimate? Estimate(EngineStatement statement, CancellationToken cancellationToken) => null;

    /// <summary>Makes what was changed since <see cref="Begin"/> last.</summary>
    internal abstract void Commit();

    /// <summary>Takes back what was changed since <see cref="Begin"/>.</summary>
    internal abstract void Rollback();

    /// <summary>Turns an exception of the driver into one that tells nothing of other rows, or returns null for an exception
    /// that is not the driver's.</summary>
    internal abstract Exception? Translate(Exception exception, DatabaseOperation operation);

    /// <inheritdoc />
    public abstract void Dispose();
}
