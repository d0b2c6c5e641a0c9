using LangGuard.Misuse;
using LangGuard.Permissions;

namespace LangGuard;

/// <content>Policies for common kinds of agents. Each is an ordinary builder call that could be written out, and more calls add to it.</content>
public static partial class PolicyExtensions
{
    /// <summary>An analyst who reads granted tables: queries only, 1,000 rows and 5 seconds a query, 500 calls a session.</summary>
    /// <param name="guard">The builder.</param>
    /// <param name="database">The name of the database.</param>
    /// <param name="configure">Names the source and the tables, for instance <c>db.UseSqlite(path).Select("orders")</c>.</param>
    /// <exception cref="ArgumentException">A table is granted for more than reading.</exception>
    public static PolicyBuilder ReadOnlyAnalyst(this PolicyBuilder guard, string database, Action<DatabaseBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(guard);
        ArgumentException.ThrowIfNullOrWhiteSpace(database);
        ArgumentNullException.ThrowIfNull(configure);
        return guard
            .LimitPermissions(allow => allow.Database(database, db =>
            {
                db.Limit(limits => (limits.MaxRows, limits.Timeout) = (1_000, TimeSpan.FromSeconds(5)));
                configure(db);
                foreach (var (table, rule) in db.Options.Tables)
                {
                    if ((rule.Allow & ~DatabasePermissions.Select) != 0)
                    {
                        throw new ArgumentException($"The table '{table}' is granted for {rule.Allow}; this preset only reads.", nameof(configure));
                    }
                }
            }))
            .AnticipateMisuse(misuse => misuse.LimitUsage(usage => usage.Calls(500)));
    }

    /// <summary>A writer of documents: reads a directory, writes text files in a part of it, deletes nothing. 500 calls and 8 MiB
    /// of changes a session.</summary>
    /// <param name="guard">The builder.</param>
    /// <param name="root">The name of the root.</param>
    /// <param name="directory">The directory on the host.</param>
    /// <param name="drafts">Where it writes.</param>
    public static PolicyBuilder DocsWriter(this PolicyBuilder guard, string root, string directory, string drafts = "drafts/**")
    {
        ArgumentNullException.ThrowIfNull(guard);
        return guard
            .LimitPermissions(allow => allow.Files(root, directory, files => files
                .Read("**")
                .Write(drafts, rule => rule.WriteExtensions.UnionWith([".md", ".txt", ".csv", ".json"]))
                .Limit(limits => limits.SessionWriteBytes = 8 << 20)))
            .AnticipateMisuse(misuse => misuse.LimitUsage(usage => usage.Calls(500)));
    }

    /// <summary>A reader of services: GET and HEAD on the granted endpoints, 500 calls a session.</summary>
    /// <param name="guard">The builder.</param>
    /// <param name="endpoints">URLs as in a rule, without the method, such as <c>https://api.contoso.test/v1/orders/{id:int}</c>.</param>
    public static PolicyBuilder ApiReader(this PolicyBuilder guard, params IReadOnlyList<string> endpoints)
    {
        ArgumentNullException.ThrowIfNull(guard);
        ArgumentNullException.ThrowIfNull(endpoints);
        return guard
            .LimitPermissions(allow =>
            {
                foreach (var endpoint in endpoints)
                {
                    if (!endpoint.StartsWith("http", StringComparison.Ordinal))
                    {
                        throw new ArgumentException($"'{endpoint}' is to start with its URL; the methods are the preset's.", nameof(endpoints));
                    }

                    allow.Http($"GET,HEAD {endpoint}");
                }
            })
            .AnticipateMisuse(misuse => misuse.LimitUsage(usage => usage.Calls(500)));
    }

    /// <summary>A programmer in one directory: reads and writes everything there but what controls agents, builds and hooks. A person
    /// approves deletes, and every change can be undone. 2,000 calls a session.</summary>
    /// <param name="guard">The builder.</param>
    /// <param name="root">The name of the root.</param>
    /// <param name="directory">The directory on the host.</param>
    /// <param name="journal">The directory of the undo journal, outside the root and on its file system.</param>
    /// <param name="approver">Who approves deletes.</param>
    public static PolicyBuilder CodingAgent(
        this PolicyBuilder guard, string root, string directory, string journal, IApprover approver)
    {
        ArgumentNullException.ThrowIfNull(guard);
        ArgumentNullException.ThrowIfNull(approver);
        return guard
            .LimitPermissions(allow => allow.Files(root, directory, files => files.Read("**").Write("**").Delete("**")))
            .AnticipateMisuse(misuse => misuse
                .RequireApproval(approval => approval.ForDeletes().By(approver))
                .LimitUsage(usage => usage.Calls(2_000)))
            .DefendInDepth(defense => defense.KeepJournal(journal));
    }

    /// <summary>Somebody who maintains a database: reads granted tables, and makes changes of the schema that have a name, each after
    /// a person has approved it. No other change. 200 calls a session.</summary>
    /// <param name="guard">The builder.</param>
    /// <param name="database">The name of the database.</param>
    /// <param name="approver">Who approves each migration.</param>
    /// <param name="configure">Names the source, the tables that may be read, and the migrations, for instance
    /// <c>db.UseSqlite(path).Select("orders").Migration("add-note", "ALTER TABLE orders ADD COLUMN note TEXT")</c>.</param>
    /// <exception cref="ArgumentException">A table is granted for more than reading, or there is no migration.</exception>
    public static PolicyBuilder MigrationOperator(
        this PolicyBuilder guard, string database, IApprover approver, Action<DatabaseBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(guard);
        ArgumentNullException.ThrowIfNull(approver);
        ArgumentNullException.ThrowIfNull(configure);
        return guard
            .ReadOnlyAnalyst(database, db =>
            {
                configure(db);
                if (db.Options.Migrations.Count == 0)
                {
                    throw new ArgumentException("Name at least one migration; without one, use ReadOnlyAnalyst.", nameof(configure));
                }
            })
            .AnticipateMisuse(misuse => misuse
                .RequireApproval(approval => approval.By(approver))
                .LimitUsage(usage => usage.Calls(200)));
    }
}
