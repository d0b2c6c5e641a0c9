using DuckDB.NET.Data;
using DuckDB.NET.Native;
using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.DuckDb;

/// <summary>Turns errors of DuckDB into denials and fixed texts. Its messages quote values, statements and paths, and are never
/// repeated.</summary>
internal static class DuckDbErrors
{
    /// <summary>What the engine says of a transaction that has failed before.</summary>
    private const string Aborted = "Current transaction is aborted";

    internal static Exception? Translate(Exception exception, DatabaseOperation operation, CancellationToken cancelled)
    {
        if (exception is OperationCanceledException ended)
        {
            // The driver throws it for every interrupt; the guard itself only for what is cancelled.
            return ended.CancellationToken.IsCancellationRequested ? new OperationCanceledException(ended.CancellationToken)
                : cancelled.IsCancellationRequested ? new OperationCanceledException(cancelled) : Denied(DatabaseReasons.TimeLimit, operation);
        }

        if (exception is not DuckDBException error)
        {
            return null;
        }

        return TypeOf(error) switch
        {
            DuckDBErrorType.Interrupt when cancelled.IsCancellationRequested => new OperationCanceledException(cancelled),
            DuckDBErrorType.Interrupt => Denied(DatabaseReasons.TimeLimit, operation),
            DuckDBErrorType.Permission => Denied(DatabaseReasons.EngineRefused, operation),
            DuckDBErrorType.Transaction when error.Message.Contains(Aborted, StringComparison.Ordinal) => Ended(),
            DuckDBErrorType.Transaction when error.Message.Contains("read-only", StringComparison.Ordinal) =>
                Denied(DatabaseReasons.EngineRefused, operation),
            DuckDBErrorType.Transaction => new GuardedDatabaseException("The database is busy. Try again."),
            DuckDBErrorType.InvalidInput when error.Message.Contains("attached in read-only mode", StringComparison.Ordinal) =>
                Denied(DatabaseReasons.EngineRefused, operation),
            DuckDBErrorType.Constraint => new GuardedDatabaseException($"The change violates a constraint ({Constraint(error.Message)})."),
            DuckDBErrorType.Conversion when operation.Facts is { Bounds.Count: > 0 } => Denied(DatabaseReasons.Size, operation),
            DuckDBErrorType.OutOfMemory => Denied(DatabaseReasons.ByteLimit, operation),
            _ => new GuardedDatabaseException(),
        };
    }

    internal static GuardedDatabaseException Ended() =>
        new("The transaction has ended, and nothing of it was kept. Begin a new one.");

    /// <summary>A statement that could not be prepared has no type of its own, but the same words before its text.</summary>
    private static DuckDBErrorType TypeOf(DuckDBException error) => error.ErrorType != DuckDBErrorType.Invalid ? error.ErrorType
        : error.Message.StartsWith("Permission Error", StringComparison.Ordinal) ? DuckDBErrorType.Permission
        : error.Message.StartsWith("Out of Memory Error", StringComparison.Ordinal) ? DuckDBErrorType.OutOfMemory
        : error.Message.StartsWith("TransactionContext Error", StringComparison.Ordinal) ? DuckDBErrorType.Transaction
        : error.Message.StartsWith("Conversion Error", StringComparison.Ordinal) ? DuckDBErrorType.Conversion
        : error.Message.StartsWith("Constraint Error", StringComparison.Ordinal) ? DuckDBErrorType.Constraint
        : error.Message.StartsWith("INTERRUPT Error", StringComparison.Ordinal) ? DuckDBErrorType.Interrupt
        : DuckDBErrorType.Invalid;

    private static DbAccessDeniedException Denied(Reason reason, DatabaseOperation operation) =>
        new(Decision.Deny(reason), operation);

    /// <summary>The kind of constraint; never a value.</summary>
    private static string Constraint(string message) =>
        message.Contains("primary key", StringComparison.OrdinalIgnoreCase) ? "PRIMARY KEY"
        : message.Contains("foreign key", StringComparison.OrdinalIgnoreCase) ? "FOREIGN KEY"
        : message.Contains("NOT NULL", StringComparison.Ordinal) ? "NOT NULL"
        : message.Contains("unique", StringComparison.OrdinalIgnoreCase) ? "UNIQUE"
        : message.Contains("CHECK", StringComparison.Ordinal) ? "CHECK"
        : "constraint";
}
