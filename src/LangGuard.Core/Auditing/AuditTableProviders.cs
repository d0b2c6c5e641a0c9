namespace LangGuard.Auditing;

/// <summary>The packages that can open the databases which settings name for the audit.</summary>
internal sealed class AuditTableProviders
{
    internal const string Sqlite = "DefendInDepth:Audit:SqlitePath";
    internal const string PostgreSql = "DefendInDepth:Audit:PostgreSqlConnection";

    private readonly Dictionary<string, Action<string>> _providers = new(StringComparer.Ordinal);

    /// <summary>Lets a package open what a setting names.</summary>
    internal void Add(string setting, Action<string> open) => _providers[setting] = open;

    /// <summary>Gives each setting to its package. What is named and can not be opened, and the other way round, is an error: the
    /// audit is never left out in silence. The value is not repeated, because it can hold a password.</summary>
    internal static void Apply(PolicyBuilder policy)
    {
        var audit = policy.Options.DefendInDepth.Audit;
        var providers = policy.Collect<AuditTableProviders>()._providers;
        foreach (var (setting, value, call, package) in (ReadOnlySpan<(string, string?, string, string)>)
            [
                (Sqlite, audit.SqlitePath, "ToSqlite", "LangGuard.Sqlite"),
                (PostgreSql, audit.PostgreSqlConnection, "ToPostgreSql", "LangGuard.PostgreSql"),
            ])
        {
            var open = providers.GetValueOrDefault(setting);
            if (value is null)
            {
                if (open is not null)
                {
                    policy.Errors.Add(setting, null, "No database is named.", $"Set it, or give {call}() the database.");
                }
            }
            else if (open is null)
            {
                policy.Errors.Add(
                    setting, null, "Nothing in the program can open this database.",
                    $"Reference {package} and call DefendInDepth(defense => defense.Audit(audit => audit.{call}())).");
            }
            else if (string.IsNullOrWhiteSpace(value))
            {
                policy.Errors.Add(setting, null, "It is empty.", "Name the database.");
            }
            else
            {
                open(value);
            }
        }
    }
}
