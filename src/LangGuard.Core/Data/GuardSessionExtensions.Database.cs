using System.Diagnostics.CodeAnalysis;
using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard;

/// <summary>What a session gives to an agent, and to its host.</summary>
[SuppressMessage("Naming", "CA1708", Justification = "It takes the extension blocks of one type, one in each part, for members of one name.")]
public static partial class GuardSessionExtensions
{
    extension(GuardSession session)
    {
        /// <summary>A guarded database of this session. It ends with the session.</summary>
        /// <param name="name">The name of the database in the policy.</param>
        /// <exception cref="ArgumentException">The policy names no such database, or gives it no source.</exception>
        public GuardedDbDataSource Database(string name)
        {
            ArgumentNullException.ThrowIfNull(session);
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            return session.Resource($"database:{name}", owner => CreateDatabase(owner, name));
        }

        /// <summary>The changes that this session and its children have made to the rows of a database, and the way back. For
        /// the host, not for the agent.</summary>
        /// <param name="name">The name of the database in the policy.</param>
        /// <exception cref="ArgumentException">The policy names no such database, or gives it no source.</exception>
        /// <exception cref="InvalidOperationException">The policy keeps no rows of it.</exception>
        public DatabaseChanges DatabaseChanges(string name)
        {
            ArgumentNullException.ThrowIfNull(session);
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            var (engine, options) = FindDatabase(session, name);
            return options.Undo.Keep
                ? new DatabaseChanges(engine, options.Scope!, session.State<DatabaseJournals>().Of(name))
                : throw new InvalidOperationException(
                    $"The policy keeps no changes of '{name}'. Add Database(\"{name}\", db => db.KeepUndo()).");
        }
    }

    private static GuardedDbDataSource CreateDatabase(GuardSession session, string name)
    {
        var (engine, options) = FindDatabase(session, name);
        return new GuardedDbDataSource(session, name, engine, options.Scope!);
    }

    private static (DatabaseEngine Engine, Permissions.DatabaseOptions Options) FindDatabase(GuardSession session, string name)
    {
        var policy = session.Policy;
        if (!policy.Options.LimitPermissions.Database.TryGetValue(name, out var options))
        {
            throw new ArgumentException($"The policy grants no database '{name}'.", nameof(name));
        }

        var engine = policy.Dependencies.Get<DatabaseEngines>()?.Find(name)
            ?? throw new ArgumentException(
                $"The database '{name}' has no source. Name one, for instance with UseSqlite(path).", nameof(name));
        return (engine, options);
    }
}
