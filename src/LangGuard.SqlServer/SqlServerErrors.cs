using LangGuard.Data;
using LangGuard.Permissions;
using Microsoft.Data.SqlClient;

namespace LangGuard.SqlServer;

/// <summary>Turns errors of the server into denials and fixed texts. Its messages can quote values of rows that the agent may
/// not see, and are never repeated.</summary>
internal static class SqlServerErrors
{
    internal static Exception? Translate(
        Exception exception, DatabaseOperation operation, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException)
        {
            return new OperationCanceledException(cancellationToken);
        }

        if (exception is not SqlException error)
        {
            return null;
        }

        return error.Number switch
        {
            _ when cancellationToken.IsCancellationRequested => new OperationCanceledException(cancellationToken),
            -2 => Denied(DatabaseReasons.TimeLimit, operation),

            // Rights, texts that are no query, settings that are not the guard's.
            102 or 156 or 229 or 230 or 262 or 266 or 297 or 300 or 371 or 916 or 1088 or 7202 or 7411 or 15151 or 15281 or 51000 =>
                Denied(DatabaseReasons.EngineRefused, operation),
            1205 or 1222 or 3960 or 10928 or 10929 or 40501 => new GuardedDatabaseException("The database is busy. Try again."),
            515 => new GuardedDatabaseException("The change violates a constraint (NOT NULL)."),
            2601 or 2627 => new GuardedDatabaseException("The change violates a constraint (UNIQUE)."),
            547 => new GuardedDatabaseException("The change violates a constraint (FOREIGN KEY or CHECK)."),
            33504 => Denied(DatabaseReasons.RowScope, operation),
            701 or 802 or 1101 or 1105 or 8645 or 8657 => Denied(DatabaseReasons.ByteLimit, operation),
            _ => new GuardedDatabaseException(),
        };
    }

    private static DbAccessDeniedException Denied(Reason reason, DatabaseOperation operation) =>
        new(Decision.Deny(reason), operation);
}
