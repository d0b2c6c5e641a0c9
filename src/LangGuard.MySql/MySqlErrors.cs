using LangGuard.Data;
using LangGuard.Permissions;
using MySqlConnector;

namespace LangGuard.MySql;

/// <summary>Turns errors of the server into denials and fixed texts. Its messages can quote values of rows that the agent may
/// not see, and are never repeated.</summary>
internal static class MySqlErrors
{
    internal static Exception? Translate(
        Exception exception, DatabaseOperation operation, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException)
        {
            return new OperationCanceledException(cancellationToken);
        }

        if (exception is not MySqlException error)
        {
            return null;
        }

        return error.Number switch
        {
            1317 or (int)MySqlErrorCode.CommandTimeoutExpired when cancellationToken.IsCancellationRequested =>
                new OperationCanceledException(cancellationToken),
            1317 or 1969 or 3024 or (int)MySqlErrorCode.CommandTimeoutExpired => Denied(DatabaseReasons.TimeLimit, operation),

            // Rights, read-only sessions, texts that are not one query, files.
            1044 or 1045 or 1064 or 1086 or 1142 or 1143 or 1144 or 1148 or 1221 or 1227 or 1235 or 1290 or 1295 or 1370 or 1410
                or 1792 or 1836 or 3948 or 4166 => Denied(DatabaseReasons.EngineRefused, operation),
            1040 or 1203 or 1205 or 1213 or 1226 => new GuardedDatabaseException("The database is busy. Try again."),
            1048 or 1364 => new GuardedDatabaseException("The change violates a constraint (NOT NULL)."),
            1062 or 1586 => new GuardedDatabaseException("The change violates a constraint (UNIQUE)."),
            1216 or 1217 or 1451 or 1452 => new GuardedDatabaseException("The change violates a constraint (FOREIGN KEY)."),
            3819 or 4025 => new GuardedDatabaseException("The change violates a constraint (CHECK)."),
            1037 or 1038 or 1041 or 1104 or 1114 or 1153 or 1436 => Denied(DatabaseReasons.ByteLimit, operation),
            _ => new GuardedDatabaseException(),
        };
    }

    private static DbAccessDeniedException Denied(Reason reason, DatabaseOperation operation) =>
        new(Decision.Deny(reason), operation);
}
