using Microsoft.Data.SqlClient;

namespace LangGuard.SqlServer;

/// <summary>What of a connection string the guard decides itself.</summary>
internal static class SqlServerConnectionSettings
{
    internal static SqlConnectionStringBuilder Harden(string connectionString) => new(connectionString)
    {
        // One statement at a time, in the guard's own transactions.
        MultipleActiveResultSets = false,
        Enlist = false,
        PersistSecurityInfo = false,
    };
}
