using LangGuard.Permissions;

namespace LangGuard.Data;

/// <summary>Runs a change of rows: all or nothing, within what is left of the session's rows, and with a look at every table
/// that it touched before it lasts.</summary>
internal static class ChangeRunner
{
    /// <summary>Runs it.</summary>
    /// <exception cref="DbAccessDeniedException">It would have done more than is allowed; nothing was changed.</exception>
    internal static EngineChange Run(
        GuardedDbConnection connection, DatabaseOperation operation, EngineStatement statement, DatabaseGrant grant,
        CancellationToken cancellationToken)
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

            var change = connection.Engine.Change(Guarded(statement, operation, grant), reserved, cancellationToken);
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
        _ => DatabaseReasons.AffectedRows,
    };
}
