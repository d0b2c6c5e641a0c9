using LangGuard.Data;
using LangGuard.Permissions;
using Npgsql;

namespace LangGuard.PostgreSql;

/// <summary>Turns errors of PostgreSQL into denials and fixed texts. Message, detail and hint of the server can quote values
/// of rows that the agent may not see, and are never repeated.</summary>
internal static class PostgreSqlErrors
{
    internal static Exception? Translate(
        Exception exception, DatabaseOperation operation, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException)
        {
            return new OperationCanceledException(cancellationToken);
        }

        if (exception is not NpgsqlException error)
        {
            return null;
        }

        return error.SqlState switch
        {
            PostgresErrorCodes.QueryCanceled when cancellationToken.IsCancellationRequested =>
                new OperationCanceledException(cancellationToken),
            PostgresErrorCodes.QueryCanceled => Denied(DatabaseReasons.TimeLimit, operation),
            PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReadOnlySqlTransaction
                or PostgresErrorCodes.ActiveSqlTransaction or PostgresErrorCodes.SyntaxError
                or PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.InvalidCursorDefinition =>
                Denied(DatabaseReasons.EngineRefused, operation),
            PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.SerializationFailure
                or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.TooManyConnections =>
                new GuardedDatabaseException("The database is busy. Try again."),
            { } state when state.StartsWith("23", StringComparison.Ordinal) =>
                new GuardedDatabaseException($"The change violates a constraint ({Constraint((PostgresException)error)})."),
            { } state when state.StartsWith("53", StringComparison.Ordinal)
                || state.StartsWith("54", StringComparison.Ordinal) => Denied(DatabaseReasons.ByteLimit, operation),
            PostgresErrorCodes.NumericValueOutOfRange when operation.Facts is { Bounds.Count: > 0 } => Denied(DatabaseReasons.Size, operation),
            null when error.InnerException is TimeoutException => Denied(DatabaseReasons.TimeLimit, operation),
            _ => new GuardedDatabaseException(),
        };
    }

    private static DbAccessDeniedException Denied(Reason reason, DatabaseOperation operation) =>
        new(Decision.Deny(reason), operation);

    /// <summary>The kind of constraint with its name, or the column; never a value.</summary>
    private static string Constraint(PostgresException error)
    {
        var kind = error.SqlState switch
        {
            PostgresErrorCodes.NotNullViolation => "NOT NULL",
            PostgresErrorCodes.ForeignKeyViolation => "FOREIGN KEY",
            PostgresErrorCodes.UniqueViolation => "UNIQUE",
            PostgresErrorCodes.CheckViolation => "CHECK",
            _ => "constraint",
        };
        var name = error.ConstraintName ?? error.ColumnName;
        return name is null ? kind : $"{kind} on {name}";
    }
}
