using System.Diagnostics.CodeAnalysis;
using LangGuard.Data;
using LangGuard.Permissions;
using LangGuard.PostgreSql;
using Npgsql;

namespace LangGuard;

/// <summary>Databases of PostgreSQL.</summary>
public static class PostgreSqlDatabaseBuilderExtensions
{
    /// <summary>Uses a PostgreSQL database. Log in as the least role that can do what the policy grants:
    /// <see cref="PostgreSqlGrantScript"/> writes it, and the rights of the login are compared with the policy before the
    /// first statement.</summary>
    /// <param name="database">The database in the policy.</param>
    /// <param name="connectionString">The connection string. Settings that weaken the guard, such as automatic preparing,
    /// are overruled.</param>
    /// <param name="excessRights">What to do when the login can do more than the policy grants.</param>
    /// <param name="rowKey">The key that the GRANT script was made with, for row filters that the server enforces too. Empty:
    /// they are the inspector's alone.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The policy owns the engine for as long as it lives.")]
    public static DatabaseBuilder UsePostgreSql(
        this DatabaseBuilder database, string connectionString, ExcessRights excessRights = ExcessRights.Report,
        ReadOnlyMemory<byte> rowKey = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = PostgreSqlConnectionSettings.Harden(connectionString);
        }
        catch (ArgumentException)
        {
            return database.CanNotRead();
        }

        if (rowKey.Length is > 0 and < PostgreSqlRowSecurity.MinKeyLength)
        {
            return database.CanNotUse("The row key has fewer than 32 bytes.", "Use 32 random bytes.");
        }

        return database.Use(new PostgreSqlEngine(settings, database.Options, excessRights, rowKey), () =>
        {
            using var connection = new NpgsqlConnection(settings.ConnectionString);
            connection.Open();
            return PostgreSqlCredentialAudit.Run(connection, database.Options);
        });
    }
}
