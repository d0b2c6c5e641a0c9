using LangGuard.Permissions;

namespace LangGuard.Data;

/// <summary>Makes a previewed change, if it still touches the very rows that were shown.</summary>
internal static class WriteCommitter
{
    internal static async Task<int> CommitAsync(GuardedDbDataSource source, string token, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var session = source.Session;
        var pendings = session.State<PendingWrites>();
        var now = session.Tree.TimeProvider.GetUtcNow();
        if (pendings.Take(token, session.Whole.Id, source.Name, now) is not { } pending)
        {
            // One answer for all of them: whether a token exists elsewhere is nobody's business.
            var attempt = new DatabaseOperation(session.Principal, Effects.All, source.Name, "commit_write");
            throw new DbAccessDeniedException(session.Refuse(attempt, DatabaseReasons.Token).Decision, attempt);
        }

        Permit permit;
        DatabaseOperation operation;
        EngineStatement statement;
        try
        {
            // Bound to the rows as they were shown: an approval of other rows is none of these.
            (operation, statement) = StatementRunner.Inspect(
                source, pending.Text, pending.Parameters, 0, $"rows: {pending.Affected} {pending.Before}", pending.Affected);
            permit = await session.AuthorizeAsync(operation, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Nothing has run. After a person has approved it, the same token does.
            pendings.PutBack(pending);
            throw;
        }

        pendings.Use(pending);
        using (permit)
        {
            var affected = Run(source, pending, operation, statement, (DatabaseGrant)permit.Grant, cancellationToken);
            permit.Complete(OperationOutcome.Success(rows: affected));
            return affected;
        }
    }

    private static int Run(
        GuardedDbDataSource source, PendingWrite pending, DatabaseOperation operation, EngineStatement statement,
        DatabaseGrant grant, CancellationToken cancellationToken)
    {
        using var connection = new GuardedDbConnection(source);
        connection.Open();
        return StatementRunner.Translated(connection, operation, () =>
        {
            var confined = StatementRunner.Confine(source, operation, statement, grant);
            StatementLimits.Check(connection, operation, confined, grant, cancellationToken);
            var keyed = KeyedChange.TryCreate(source.Engine, confined, operation, grant)
                ?? throw ChangeRunner.Denied(DatabaseReasons.Drift, operation);
            connection.Engine.Begin(repeatable: true);
            using var transaction = new GuardedDbTransaction(connection, System.Data.IsolationLevel.RepeatableRead);
            connection.Transaction = transaction;

            // The same as was shown: no column more is read, none less is compared.
            var before = WritePreviewer.Read(
                connection.Engine, operation, keyed, pending.Keys, pending.Columns,
                new RowLimits(grant.MaxBytes, statement.Timeout), cancellationToken);
            if (!string.Equals(before.Hash(), pending.Before, StringComparison.Ordinal))
            {
                throw ChangeRunner.Denied(DatabaseReasons.Drift, operation);
            }

            var expected = new ExpectedRows(pending.Affected, keyed.TouchesRows ? pending.Keys : null);
            var change = ChangeRunner.Run(connection, operation, confined, grant, cancellationToken, expected);
            transaction.Commit();
            return change.Affected;
        });
    }
}
