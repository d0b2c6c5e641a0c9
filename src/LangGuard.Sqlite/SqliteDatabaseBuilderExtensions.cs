using System.Diagnostics.CodeAnalysis;
using LangGuard.Data;
using LangGuard.Permissions;
using LangGuard.Sqlite;

namespace LangGuard;

/// <summary>Databases of SQLite.</summary>
public static class SqliteDatabaseBuilderExtensions
{
    /// <summary>Uses a SQLite file. It is opened read-only unless a table may be changed; the file and its journals become
    /// untouchable for the file guard.</summary>
    /// <param name="database">The database in the policy.</param>
    /// <param name="path">The absolute path of the file. It must exist.</param>
    /// <param name="excessRights">What to do when the file can be changed by more than the policy grants:
    /// <see cref="SqliteCredentialAudit"/> lists how.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The policy owns the engine for as long as it lives.")]
    public static DatabaseBuilder UseSqlite(
        this DatabaseBuilder database, string path, ExcessRights excessRights = ExcessRights.Report)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return database.TakesFile(path, DatabaseFile.Exists)
            ? database.Use(
                new SqliteEngine(path, database.Options, excessRights), () => SqliteCredentialAudit.Run(path, database.Options), path)
            : database;
    }
}
