using Microsoft.Extensions.Logging.Abstractions;
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

    /// <summary>Opens a source that says nothing besides what the guard says: a server's errors quote rows, and the driver would
    /// write them, and the texts of statements, into the logs and traces of the process.</summary>
    /// <param name="settings">Where and as whom.</param>
    /// <param name="opened">Told of every new connection to the server.</param>
    internal static NpgsqlDataSource Open(NpgsqlConnectionStringBuilder settings, Action<NpgsqlConnection>? opened = null)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UseLoggerFactory(NullLoggerFactory.Instance);
        builder.EnableParameterLogging(false);
        builder.ConfigureTracing(tracing => tracing
            .ConfigureCommandFilter(static _ => false)
            .ConfigureBatchFilter(static _ => false)
            .ConfigureCopyOperationFilter(static _ => false)
            .EnablePhysicalOpenTracing(false));
        if (opened is not null)
        {
            builder.UsePhysicalConnectionInitializer(opened, connection =>
            {
                opened(connection);
                return Task.CompletedTask;
            });
        }

        return builder.Build();
    }
}
