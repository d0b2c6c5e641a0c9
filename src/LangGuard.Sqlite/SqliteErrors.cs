using LangGuard.Data;
using LangGuard.Permissions;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LangGuard.Sqlite;

/// <summary>Turns errors of SQLite into denials and fixed texts.</summary>
internal static class SqliteErrors
{
    internal static Exception? Translate(Exception exception, DatabaseOperation operation, SqliteDeadline deadline)
    {
        if (exception is not SqliteException error)
        {
            return null;
        }

        return error.SqliteErrorCode switch
        {
            raw.SQLITE_INTERRUPT when deadline.Cancelled.IsCancellationRequested =>
                new OperationCanceledException(deadline.Cancelled),
            raw.SQLITE_INTERRUPT => Denied(DatabaseReasons.TimeLimit, operation),
            raw.SQLITE_AUTH or raw.SQLITE_READONLY or raw.SQLITE_PERM => Denied(DatabaseReasons.EngineRefused, operation),
            raw.SQLITE_CONSTRAINT => new GuardedDatabaseException($"The change violates a constraint ({Constraint(error.Message)})."),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new GuardedDatabaseException("The database is busy. Try again."),
            raw.SQLITE_TOOBIG or raw.SQLITE_NOMEM => Denied(DatabaseReasons.ByteLimit, operation),
            _ => new GuardedDatabaseException(),
        };
    }

    private static DbAccessDeniedException Denied(Reason reason, DatabaseOperation operation) =>
        new(Decision.Deny(reason), operation);

    /// <summary>The kind of constraint and the columns it names; never a value.</summary>
    private static string Constraint(string message)
    {
        foreach (var kind in (string[])["UNIQUE", "NOT NULL", "FOREIGN KEY", "CHECK", "PRIMARY KEY"])
        {
            var at = message.IndexOf(kind, StringComparison.Ordinal);
            if (at >= 0)
            {
                var columns = message[(at + kind.Length)..].Replace("constraint failed", string.Empty, StringComparison.Ordinal);
                var named = new string([.. columns.Where(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ',' or ' ')]).Trim();
                return named.Length == 0 ? kind : $"{kind} on {named}";
            }
        }

        return "constraint";
    }
}
