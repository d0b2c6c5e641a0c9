using System.Diagnostics.CodeAnalysis;
using LangGuard.Data;
using LangGuard.Permissions;
using LangGuard.Posture;
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
        var place = $"LimitPermissions:Database:{database.Name}";
        if (!Path.IsPathFullyQualified(path))
        {
            database.Policy.Errors.Add(place, path, "The path of the database is not absolute.", "Give the full path.");
            return database;
        }

        if (!SqliteFiles.Exists(path))
        {
            database.Policy.Errors.Add(place, path, "The database does not exist.", "Create it first, or correct the path.");
            return database;
        }

        database.Policy.Collect<ProtectedPaths>().Add(path);
        DatabasePosture.Add(database.Policy, database.Name, () => SqliteCredentialAudit.Run(path, database.Options));
        if (!database.Policy.Collect<DatabaseEngines>().TryAdd(database.Name, new SqliteEngine(path, database.Options, excessRights)))
        {
            database.Policy.Errors.Add(place, path, "The database has two sources.", "Keep one.");
        }

        return database;
    }
}
