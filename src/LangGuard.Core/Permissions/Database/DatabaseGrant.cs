using LangGuard.Data;

namespace LangGuard.Permissions;

/// <summary>The permission to run statements on one database, with its limits.</summary>
internal sealed class DatabaseGrant : Grant
{
    private readonly DatabaseScope[] _scopes;

    internal DatabaseGrant(DatabaseOptions options, DatabaseScope scope)
        : this(
            [scope], options.Trusted, options.Limits.MaxRows, options.Limits.MaxBytes, options.Limits.Timeout,
            options.Limits.MaxAffectedRows, options.Limits.MaxConnections)
    {
    }

    private DatabaseGrant(
        DatabaseScope[] scopes, bool trusted, int maxRows, long maxBytes, TimeSpan timeout, int maxAffectedRows, int maxConnections)
        : base(Surface.Database, trusted)
    {
        _scopes = scopes;
        MaxRows = maxRows;
        MaxBytes = maxBytes;
        Timeout = timeout;
        MaxAffectedRows = maxAffectedRows;
        MaxConnections = maxConnections;
    }

    internal int MaxRows { get; }

    internal long MaxBytes { get; }

    internal TimeSpan Timeout { get; }

    internal int MaxAffectedRows { get; }

    internal int MaxConnections { get; }

    public override Grant Intersect(Grant other)
    {
        var more = (DatabaseGrant)other;
        return new DatabaseGrant(
            [.. _scopes, .. more._scopes],
            Trusted && more.Trusted,
            Math.Min(MaxRows, more.MaxRows),
            Math.Min(MaxBytes, more.MaxBytes),
            Timeout < more.Timeout ? Timeout : more.Timeout,
            Math.Min(MaxAffectedRows, more.MaxAffectedRows),
            Math.Min(MaxConnections, more.MaxConnections));
    }

    /// <summary>What confines a statement to rows and values: the filters of every scope together.</summary>
    internal IReadOnlyList<SqlTableScope> ConfinementOf(SqlFacts facts, string defaultSchema, Principal principal)
    {
        if (!Array.Exists(_scopes, scope => scope.IsConfined))
        {
            return [];
        }

        var confined = new List<SqlTableScope>();
        foreach (var use in facts.Tables)
        {
            if (use.Table is not { } table)
            {
                continue;
            }

            var filters = new List<SqlRowFilter>();
            var masked = new List<string>();
            foreach (var scope in _scopes)
            {
                scope.Confine(table, defaultSchema, principal, filters, masked);
            }

            if (filters.Count > 0 || masked.Count > 0)
            {
                confined.Add(new SqlTableScope(table, filters, masked));
            }
        }

        return confined;
    }
}
