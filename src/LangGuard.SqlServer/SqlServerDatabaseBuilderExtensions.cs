using System.Diagnostics.CodeAnalysis;
using LangGuard.Data;
using LangGuard.Permissions;
using LangGuard.SqlServer;
using Microsoft.Data.SqlClient;

namespace LangGuard;

/// <summary>Databases of SQL Server.</summary>
public static class SqlServerDatabaseBuilderExtensions
{
    /// <summary>Uses a database of SQL Server. Log in as the least user that can do what the policy grants:
    /// <see cref="SqlServerGrantScript"/> writes its role, and the rights of the login are compared with the policy before the
    /// first statement.</summary>
    /// <param name="database">The database in the policy.</param>
    /// <param name="connectionString">The connection string, which names the database. Settings that weaken the guard, such as
    /// several statements at a time, are overruled.</param>
    /// <param name="excessRights">What to do when the login can do more than the policy grants.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The policy owns the engine for as long as it lives.")]
    public static DatabaseBuilder UseSqlServer(
        this DatabaseBuilder database, string connectionString, ExcessRights excessRights = ExcessRights.Report)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        SqlConnectionStringBuilder settings;
        try
        {
            settings = SqlServerConnectionSettings.Harden(connectionString);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return database.CanNotRead();
        }

        if (settings.InitialCatalog.Length == 0)
        {
            return database.CanNotUse("The connection string names no database.", "Add Initial Catalog=...");
        }

        if (settings.AttachDBFilename.Length > 0 || settings.UserInstance)
        {
            return database.CanNotUse("The connection string attaches a file.", "Name a database that the server has, without AttachDbFilename.");
        }

        return database.Use(new SqlServerEngine(settings, database.Options, excessRights), () =>
        {
            using var connection = new SqlConnection(settings.ConnectionString);
            connection.Open();
            return SqlServerCredentialAudit.Run(connection, database.Options);
        });
    }
}
