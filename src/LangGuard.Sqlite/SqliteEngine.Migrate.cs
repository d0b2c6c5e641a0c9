using System.Diagnostics.CodeAnalysis;
using LangGuard.Data;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LangGuard.Sqlite;

/// <summary>Changes of the schema that the policy names.</summary>
internal sealed partial class SqliteEngine
{
    [SuppressMessage("Security", "CA2100", Justification = "The text is the policy's own, and a person has approved it.")]
    internal override void Migrate(DatabaseOperation operation, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var deadline = new SqliteDeadline();
        try
        {
            using var connection = Connect(writes: true);
            delegate_progress look = _ => deadline.HasPassed ? 1 : 0;
            raw.sqlite3_progress_handler(connection.Handle, 1_000, look, null);
            CheckSingle(connection, operation.Statement);
            deadline.Start(timeout, cancellationToken);
            using var transaction = connection.BeginTransaction();
            using var command = connection.CreateCommand();
            command.CommandText = operation.Statement;
            command.Transaction = transaction;
            command.ExecuteNonQuery();
            transaction.Commit();
            GC.KeepAlive(look);
        }
        catch (SqliteException exception)
        {
            throw SqliteErrors.Translate(exception, operation, deadline) ?? new GuardedDatabaseException();
        }

        Refresh();
    }

    /// <summary>One statement and nothing behind it.</summary>
    private static void CheckSingle(SqliteConnection connection, string text)
    {
        var result = raw.sqlite3_prepare_v2(connection.Handle, text, out var compiled, out var tail);
        using (compiled)
        {
            SqliteException.ThrowExceptionForRC(result, connection.Handle);
            if (tail.AsSpan().Trim(" \t\r\n;").Length > 0)
            {
                throw new SqliteException("The text is not one statement.", raw.SQLITE_AUTH);
            }
        }
    }
}
