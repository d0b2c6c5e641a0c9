using LangGuard.Permissions;

namespace LangGuard.Data;

/// <summary>Runs a change of rows: all or nothing, within what is left of the session's rows, and with a look at every table
/// that it touched before it lasts.</summary>
internal static class ChangeRunner
{
    /// <summary>Runs it.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="operation">What was decided on.</param>
    /// <param name="statement">What runs, confined.</param>
    /// <param name="grant">The limits.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="expected">The rows that it has to touch; null for any that are granted.</param>
    /// <exception cref="DbAccessDeniedException">It would have done more than is allowed; nothing was changed.</exception>
    internal static EngineChange Run(
        GuardedDbConnection connection, DatabaseOperation operation, EngineStatement statement, DatabaseGrant grant,
        CancellationToken cancellationToken, ExpectedRows? expected = null)
    {
        var budget = connection.Source.Budget;
        var reserved = budget.ReserveRows(grant.MaxAffectedRows, grant.SessionRows);
        var used = 0;
        try
        {
            if (reserved == 0)
            {
                throw Denied(DatabaseReasons.SessionRows, operation);
            }

            var change = grant.Undo.Keep
                ? ChangeRecorder.Run(connection, operation, statement, grant, reserved, expected, cancellationToken)
                : Plain(connection, operation, statement, grant, reserved, expected, cancellationToken);
            if (change.Affected < 0)
            {
                throw Denied(
                    change.Affected == -1 && reserved < grant.MaxAffectedRows
                        ? DatabaseReasons.SessionRows
                        : ReasonFor(change.Affected),
                    operation);
            }

            used = change.Affected;
            return change;
        }
        finally
        {
            budget.SettleRows(reserved, used);
        }
    }

    /// <summary>Runs it without keeping anything.</summary>
    internal static EngineChange Plain(
        GuardedDbConnection connection, DatabaseOperation operation, EngineStatement statement, DatabaseGrant grant, int most,
        ExpectedRows? expected, CancellationToken cancellationToken)
    {
        if (expected is not null)
        {
            statement = KeyedChange.TryCreate(connection.Source.Engine, statement, operation, grant)?.Statement
                ?? throw Denied(DatabaseReasons.Drift, operation);
        }

        var guarded = Guarded(statement, operation, grant);
        var look = guarded.Verdict!;
        return connection.Engine.Change(
            expected is null ? guarded : guarded with { Verdict = done => look(done) is < 0 and var refused ? refused : expected.Verdict(done) },
            most, cancellationToken);
    }

    /// <summary>The statement with its limits, and the look at what it did.</summary>
    internal static EngineStatement Guarded(EngineStatement statement, DatabaseOperation operation, DatabaseGrant grant) =>
        statement with
        {
            MaxRows = grant.MaxRows,
            MaxBytes = grant.MaxBytes,
            Verdict = change => SideEffectVerdict.Of(change, operation.Facts!, grant, operation.DefaultSchema),
        };

    internal static DbAccessDeniedException Denied(Reason reason, DatabaseOperation operation) =>
        new(Decision.Deny(reason), operation);

    internal static Reason ReasonFor(int refusal) => refusal switch
    {
        DatabaseEngineSession.OutOfScope => DatabaseReasons.RowScope,
        DatabaseEngineSession.OtherColumns => DatabaseReasons.Metadata,
        DatabaseEngineSession.TooManyRows => DatabaseReasons.RowLimit,
        DatabaseEngineSession.TooManyBytes => DatabaseReasons.ByteLimit,
        DatabaseEngineSession.SideEffect => DatabaseReasons.SideEffect,
        DatabaseEngineSession.Drift => DatabaseReasons.Drift,
        DatabaseEngineSession.NoUndo => DatabaseReasons.NoUndo,
        _ => DatabaseReasons.AffectedRows,
    };
}
