using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LangGuard.Sqlite;

/// <summary>Switches and limits of a connection, set before the authorizer stands.</summary>
internal static class SqliteWall
{
    // Names and numbers: https://sqlite.org/c3ref/c_dbconfig_defensive.html and https://sqlite.org/c3ref/c_limit_attached.html
    private const int ConfigFts3Tokenizer = 1004;
    private const int ConfigLoadExtension = 1005;
    private const int ConfigDefensive = 1010;
    private const int ConfigDoubleQuotedDml = 1013;
    private const int ConfigDoubleQuotedDdl = 1014;
    private const int ConfigTrustedSchema = 1017;

    private const int BusyMilliseconds = 2_000;

    private const int LimitLength = 0;
    private const int LimitSqlLength = 1;
    private const int LimitExpressionDepth = 3;
    private const int LimitCompoundSelect = 4;
    private const int LimitSteps = 5;
    private const int LimitFunctionArguments = 6;
    private const int LimitAttached = 7;
    private const int LimitLikePattern = 8;
    private const int LimitWorkerThreads = 11;

    internal static void Build(SqliteConnection connection, bool writes)
    {
        var handle = connection.Handle!;
        Set(handle, ConfigFts3Tokenizer, 0);
        Set(handle, ConfigLoadExtension, 0);
        Set(handle, ConfigDefensive, 1);
        Set(handle, ConfigDoubleQuotedDml, 0);
        Set(handle, ConfigDoubleQuotedDdl, 0);
        Set(handle, ConfigTrustedSchema, 0);

        // Compiling reads the schema too, and must wait while another connection commits.
        raw.sqlite3_busy_timeout(handle, BusyMilliseconds);
        raw.sqlite3_limit(handle, LimitLength, 16 << 20);
        raw.sqlite3_limit(handle, LimitSqlLength, 128 << 10);
        raw.sqlite3_limit(handle, LimitExpressionDepth, 200);
        raw.sqlite3_limit(handle, LimitCompoundSelect, 50);
        raw.sqlite3_limit(handle, LimitSteps, 100_000);
        raw.sqlite3_limit(handle, LimitFunctionArguments, 64);
        raw.sqlite3_limit(handle, LimitAttached, 0);
        raw.sqlite3_limit(handle, LimitLikePattern, 4096);
        raw.sqlite3_limit(handle, LimitWorkerThreads, 0);

        if (!writes)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA query_only = 1";
            command.ExecuteNonQuery();
        }
    }

    private static void Set(sqlite3 handle, int option, int value)
    {
        if (raw.sqlite3_db_config(handle, option, value, out var now) == raw.SQLITE_OK && now != value)
        {
            throw new InvalidOperationException($"SQLite did not accept the setting {option}.");
        }
    }
}
