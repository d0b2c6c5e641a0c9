using System.Data.Common;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;
using SQLitePCL;

namespace LangGuard.Conformance;

/// <summary>The positive control of an attack: the same text where nobody guards.</summary>
internal static class SqlControl
{
    /// <summary>How many steps of its program SQLite runs of a text that wants them all.</summary>
    private const int Steps = 1_000_000;

    /// <summary>How many steps SQLite runs of any other text: those that never end are not always marked.</summary>
    private const int MostSteps = 200_000_000;

    /// <summary>How long a server works on a text that wants all its time, in seconds. No result depends on it.</summary>
    private const int Seconds = 1;

    /// <summary>How long a server works on any other text, in seconds.</summary>
    private const int MostSeconds = 10;

    /// <summary>Whether the text has an effect, or gives an answer.</summary>
    internal static bool HasEffect(DbConnection connection, string text, bool takesResources)
    {
        using var command = connection.CreateCommand();

        // To SQLite a text ends at its first NUL, behind which the driver would look for more for ever.
        command.CommandText = connection is SqliteConnection ? text.Split('\0')[0] : text;
        command.CommandTimeout = takesResources ? Seconds : MostSeconds;
        if (connection is SqliteConnection sqlite)
        {
            raw.sqlite3_progress_handler(sqlite.Handle, takesResources ? Steps : MostSteps, _ => 1, null);
        }

        using var stopped = new CancellationTokenSource();
        using var stop = connection is SqliteConnection ? default : stopped.Token.Register(command.Cancel);
        if (connection is not SqliteConnection)
        {
            // The limit of a driver is one of each answer that it waits for, where it has one, and rows may come for ever.
            stopped.CancelAfter(TimeSpan.FromSeconds(command.CommandTimeout + 1));
        }

        try
        {
            using var reader = command.ExecuteReader();
            do
            {
                while (reader.Read())
                {
                }
            }
            while (reader.NextResult());
            return true;
        }
        catch (DbException failed)
        {
            // Whoever has to be stopped, or is too large for the engine, has had what it wanted: a faster or a larger machine
            // changes nothing.
            return stopped.IsCancellationRequested || IsStopped(failed) || HasRunProgram(failed) || (takesResources && IsTooLarge(failed));
        }
        catch (OperationCanceledException)
        {
            // What a driver says whose wait for the server's answer to a cancellation has ended, too.
            return true;
        }
        catch (Exception failed) when (failed is InvalidOperationException or NotSupportedException)
        {
            return stopped.IsCancellationRequested;
        }
    }

    private static bool IsStopped(DbException failed) => failed is
        SqliteException { SqliteErrorCode: raw.SQLITE_INTERRUPT }
        or MySqlException { ErrorCode: MySqlErrorCode.CommandTimeoutExpired or MySqlErrorCode.QueryInterrupted }
        or PostgresException { SqlState: PostgresErrorCodes.QueryCanceled }
        or NpgsqlException { InnerException: TimeoutException }
        or Microsoft.Data.SqlClient.SqlException { Number: -2 };

    /// <summary>A program that a server has started may end before it has read what it is given, and then the statement fails.</summary>
    private static bool HasRunProgram(DbException failed) =>
        failed is PostgresException { SqlState: PostgresErrorCodes.ExternalRoutineException }
        || (failed is PostgresException { SqlState: PostgresErrorCodes.InternalError } && failed.Message.EndsWith(": Broken pipe", StringComparison.Ordinal));

    private static bool IsTooLarge(DbException failed) => failed is
        SqliteException { SqliteErrorCode: raw.SQLITE_NOMEM or raw.SQLITE_TOOBIG or raw.SQLITE_FULL }
        or MySqlException { ErrorCode: MySqlErrorCode.OutOfMemory }
        or DuckDBException { ErrorType: DuckDBErrorType.OutOfMemory }
        or PostgresException { SqlState: PostgresErrorCodes.OutOfMemory or PostgresErrorCodes.ProgramLimitExceeded };
}
