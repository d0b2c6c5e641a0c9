using LangGuard.Permissions;
using LangGuard.Posture;

namespace LangGuard.Data;

/// <summary>What every package of an engine says to the policy when it names where a database is.</summary>
internal static class DatabaseSources
{
    extension(DatabaseBuilder database)
    {
        /// <summary>Uses an engine. The rights of what reaches it are a posture check.</summary>
        /// <param name="engine">The engine; the policy owns it.</param>
        /// <param name="audit">Lists the rights beyond the policy.</param>
        /// <param name="path">The path of a file; null for a server, whose connection string is never shown.</param>
        internal DatabaseBuilder Use(DatabaseEngine engine, Func<IReadOnlyList<CredentialFinding>> audit, string? path = null)
        {
            DatabasePosture.Add(database.Policy, database.Name, audit);
            return database.Policy.Collect<DatabaseEngines>().TryAdd(database.Name, engine)
                ? database
                : database.CanNotUse("The database has two sources.", "Keep one.", path);
        }

        /// <summary>Whether a file can be used. It becomes untouchable for the file guard; else the policy has an error.</summary>
        internal bool TakesFile(string path, Func<string, bool> exists)
        {
            if (!Path.IsPathFullyQualified(path))
            {
                database.CanNotUse("The path of the database is not absolute.", "Give the full path.", path);
                return false;
            }

            if (!exists(path))
            {
                database.CanNotUse("The database does not exist.", "Create it first, or correct the path.", path);
                return false;
            }

            database.Policy.Collect<ProtectedPaths>().Add(path);
            return true;
        }

        /// <summary>Reports a connection string whose keywords or values are wrong. Neither the text nor the driver's message is
        /// repeated: both can hold the password.</summary>
        internal DatabaseBuilder CanNotRead() =>
            database.CanNotUse("The connection string can not be read.", "Correct its keywords and values.");

        internal DatabaseBuilder CanNotUse(string problem, string remedy, string? path = null)
        {
            database.Policy.Errors.Add($"LimitPermissions:Database:{database.Name}", path, problem, remedy);
            return database;
        }
    }
}
