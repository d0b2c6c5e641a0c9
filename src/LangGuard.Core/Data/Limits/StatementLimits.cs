using LangGuard.Permissions;

namespace LangGuard.Data;

/// <summary>What is checked between the decision and the run of a statement: is there room in the session, and is it affordable
/// by the engine's own estimate.</summary>
internal static class StatementLimits
{
    /// <summary>Counts the statement, and looks at its plan where the policy sets a limit.</summary>
    /// <param name="connection">Where it will run.</param>
    /// <param name="operation">What was decided on.</param>
    /// <param name="statement">What will run, confined.</param>
    /// <param name="grant">The limits.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="DbAccessDeniedException">There is no room, or it costs too much.</exception>
    internal static void Check(
        GuardedDbConnection connection, DatabaseOperation operation, EngineStatement statement, DatabaseGrant grant,
        CancellationToken cancellationToken)
    {
        var source = connection.Source;
        if (!source.Budget.TryCountStatement(grant.SessionStatements))
        {
            throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.SessionStatements), operation);
        }

        if (grant is { MaxCost: null, MaxEstimatedRows: null } || operation.Facts!.Kind == SqlStatementKind.Explain)
        {
            return;
        }

        var clock = source.Session.Tree.TimeProvider;
        if (!source.Engine.Estimates.TryGet(statement.Text, clock, out var estimate))
        {
            estimate = connection.Engine.Estimate(statement, cancellationToken);
            source.Engine.Estimates.Add(statement.Text, clock, estimate);
        }

        if (estimate is { } expected
            && (expected.Cost > (grant.MaxCost ?? double.MaxValue) || expected.Rows > (grant.MaxEstimatedRows ?? double.MaxValue)))
        {
            throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.Cost), operation);
        }
    }

    /// <summary>The same for a statement that another driver runs, where nobody can look at the plan, at the rows, or at what a
    /// trigger does: what would need such a look is refused.</summary>
    internal static void CheckForeign(GuardedDbDataSource source, DatabaseOperation operation, DatabaseGrant grant)
    {
        if (!source.Budget.TryCountStatement(grant.SessionStatements))
        {
            throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.SessionStatements), operation);
        }

        foreach (var change in operation.Facts!.Changes)
        {
            if (grant.Undo is { Keep: true, UnguardedWithoutUndo: false })
            {
                throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.NoUndo), operation);
            }

            if (change.Target.Table is not { } table || source.Engine.Describe(table).HasSideEffects)
            {
                throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.SideEffect), operation);
            }
        }
    }
}
