namespace LangGuard.Permissions;

/// <summary>The permission to run statements on one database, with its limits.</summary>
internal sealed class DatabaseGrant : Grant
{
    internal DatabaseGrant(DatabaseOptions options)
        : this(
            options.Trusted, options.Limits.MaxRows, options.Limits.MaxBytes, options.Limits.Timeout,
            options.Limits.MaxAffectedRows, options.Limits.MaxConnections)
    {
    }

    private DatabaseGrant(
        bool trusted, int maxRows, long maxBytes, TimeSpan timeout, int maxAffectedRows, int maxConnections)
        : base(Surface.Database, trusted)
    {
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
            Trusted && more.Trusted,
            Math.Min(MaxRows, more.MaxRows),
            Math.Min(MaxBytes, more.MaxBytes),
            Timeout < more.Timeout ? Timeout : more.Timeout,
            Math.Min(MaxAffectedRows, more.MaxAffectedRows),
            Math.Min(MaxConnections, more.MaxConnections));
    }
}
