using System.Diagnostics.CodeAnalysis;
using LangGuard.Data;
using LangGuard.DuckDb;
using LangGuard.Permissions;

namespace LangGuard;

/// <summary>Databases of DuckDB.</summary>
public static class DuckDbDatabaseBuilderExtensions
{
    /// <summary>Uses a DuckDB file. It is opened read-only unless a table may be changed, without access to other files, the network
    /// and extensions, and becomes untouchable for the file guard. DuckDB has no rights of its own: <see cref="DuckDbExtractScript"/>
    /// writes the script that makes a file with no more in it than the policy grants.</summary>
    /// <param name="database">The database in the policy.</param>
    /// <param name="path">The absolute path of the file. It must exist, and must not be open elsewhere in this process.</param>
    /// <param name="excessRights">What to do when the file holds, or lets others change, more than the policy grants:
    /// <see cref="DuckDbCredentialAudit"/> lists what.</param>
    /// <param name="memoryMegabytes">Memory that all statements on the file may take together, from 64 up. What does not fit ends its
    /// statement; nothing is written to disk.</param>
    /// <param name="threads">Threads that all statements on the file may take together, from 1 up.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The policy owns the engine for as long as it lives.")]
    public static DatabaseBuilder UseDuckDb(
        this DatabaseBuilder database, string path, ExcessRights excessRights = ExcessRights.Report, int memoryMegabytes = 1024,
        int threads = 2)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(memoryMegabytes, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (!database.TakesFile(path, DatabaseFile.Exists))
        {
            return database;
        }

        var engine = new DuckDbEngine(path, database.Options, excessRights, memoryMegabytes, threads);
        return database.Use(engine, () => DuckDbCredentialAudit.Run(path, database.Options, engine.Schema), path);
    }
}
