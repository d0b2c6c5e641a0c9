using System.Diagnostics.CodeAnalysis;
using LangGuard.Data;
using LangGuard.MySql;
using LangGuard.Permissions;
using MySqlConnector;

namespace LangGuard;

/// <summary>Databases of MySQL and MariaDB.</summary>
public static class MySqlDatabaseBuilderExtensions
{
    /// <summary>Uses a database of MySQL 8 or MariaDB. Log in as the least user that can do what the policy grants:
    /// <see cref="MySqlGrantScript"/> writes it, and the rights of the login are compared with the policy before the
    /// first statement.</summary>
    /// <param name="database">The database in the policy.</param>
    /// <param name="connectionString">The connection string, which names the database. Settings that weaken the guard, such as
    /// loading of local files, are overruled.</param>
    /// <param name="excessRights">What to do when the login can do more than the policy grants.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The policy owns the engine for as long as it lives.")]
    public static DatabaseBuilder UseMySql(
        this DatabaseBuilder database, string connectionString, ExcessRights excessRights = ExcessRights.Report)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        MySqlConnectionStringBuilder settings;
        try
        {
            settings = MySqlConnectionSettings.Harden(connectionString);
        }
        catch (ArgumentException)
        {
            return database.CanNotRead();
        }

        if (settings.Database.Length == 0)
        {
            return database.CanNotUse("The connection string names no database.", "Add Database=...");
        }

        return database.Use(new MySqlEngine(settings, database.Options, excessRights), () =>
        {
            using var connection = new MySqlConnection(settings.ConnectionString);
            connection.Open();
            return MySqlCredentialAudit.Run(connection, database.Options);
        });
    }
}
