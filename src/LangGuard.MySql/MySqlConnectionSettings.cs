using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;

namespace LangGuard.MySql;

/// <summary>What of a connection string the guard decides itself.</summary>
internal static class MySqlConnectionSettings
{
    internal static MySqlConnectionStringBuilder Harden(string connectionString) => new(connectionString)
    {
        // A server could ask the driver for any file of this machine.
        AllowLoadLocalInfile = false,

        // For the guard's own texts. What an agent writes never reaches the driver's parser: it travels as a value.
        AllowUserVariables = true,

        // The guard's texts rely on backslashes, and every session starts with the server's defaults.
        NoBackslashEscapes = false,
        CharacterSet = "utf8mb4",
        ConnectionReset = true,
        AutoEnlist = false,
        PersistSecurityInfo = false,
        InteractiveSession = false,

        // Rows that a change finds count, also those that it leaves as they were.
        UseAffectedRows = false,
    };

    /// <summary>Opens a source that logs nothing: a server's errors quote rows, and so would the driver.</summary>
    internal static MySqlDataSource Open(MySqlConnectionStringBuilder settings) =>
        new MySqlDataSourceBuilder(settings.ConnectionString).UseLoggerFactory(NullLoggerFactory.Instance).Build();
}
