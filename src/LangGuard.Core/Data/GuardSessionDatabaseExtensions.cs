using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard;

/// <summary>The databases of a session.</summary>
public static class GuardSessionDatabaseExtensions
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
            return session.Resource($"database:{name}", owner => Create(owner, name));
        }
    }

    private static GuardedDbDataSource Create(GuardSession session, string name)
    {
        var policy = session.Policy;
        if (!policy.Options.LimitPermissions.Database.TryGetValue(name, out var options))
        {
            throw new ArgumentException($"The policy grants no database '{name}'.", nameof(name));
        }

        var engine = policy.Dependencies.Get<DatabaseEngines>()?.Find(name)
            ?? throw new ArgumentException(
                $"The database '{name}' has no source. Name one, for instance with UseSqlite(path).", nameof(name));
        return new GuardedDbDataSource(session, name, engine, options.Scope!);
    }
}
