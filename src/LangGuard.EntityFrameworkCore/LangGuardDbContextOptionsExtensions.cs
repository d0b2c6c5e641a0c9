using LangGuard.Data;
using LangGuard.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace LangGuard;

/// <summary>EF Core contexts behind the guard.</summary>
public static class LangGuardDbContextOptionsExtensions
{
    /// <summary>Inspects, decides and limits every command of a context whose provider insists on a connection of its own,
    /// such as Npgsql's when it saves changes. Where the provider works on any connection, give it one of
    /// <paramref name="database"/> instead: that has the engine's wall too.</summary>
    /// <param name="options">The options of the context.</param>
    /// <param name="database">The database of the session on whose behalf the context works. The context's connection must
    /// lead to the same database, and log in with the least role that the policy needs.</param>
    /// <remarks>One statement a command: use <c>MaxBatchSize(1)</c>. A change needs a transaction, so that too many changed
    /// rows can be taken back: set <c>Database.AutoTransactionBehavior</c> to <c>Always</c>, and
    /// <c>Database.AutoSavepointsEnabled</c> to false.</remarks>
    public static DbContextOptionsBuilder UseLangGuard(this DbContextOptionsBuilder options, GuardedDbDataSource database)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(database);
        return options.AddInterceptors(
            new GuardedCommandInterceptor(database),
            new GuardedConnectionInterceptor(database),
            new GuardedTransactionInterceptor(database));
    }
}
