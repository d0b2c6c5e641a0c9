using Npgsql;

namespace LangGuard.PostgreSql;

/// <summary>What of a connection string the guard decides itself.</summary>
internal static class PostgreSqlConnectionSettings
{
    internal static NpgsqlConnectionStringBuilder Harden(string connectionString) => new(connectionString)
    {
        // A prepared FETCH keeps the row description of the cursor that had the name before.
        MaxAutoPrepare = 0,
        Multiplexing = false,

        // What a statement leaves in the session must not reach the next one.
        NoResetOnClose = false,
        Enlist = false,

        // Details of errors quote values of rows.
        IncludeErrorDetail = false,
        LogParameters = false,
        PersistSecurityInfo = false,
        IncludeFailedBatchedCommand = false,
    };
}
