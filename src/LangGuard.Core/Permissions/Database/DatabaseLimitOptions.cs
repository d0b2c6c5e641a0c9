namespace LangGuard.Permissions;

/// <summary>How much one statement may return, change and take, and how much all statements of a session may.</summary>
public sealed class DatabaseLimitOptions
{
    /// <summary>Rows that a query returns at most; positive. One row more throws. Default: 1,000.</summary>
    public int MaxRows { get; set; } = 1_000;

    /// <summary>Bytes that a query returns at most, as far as they are read; positive. Default: 8 MiB.</summary>
    public long MaxBytes { get; set; } = 8L << 20;

    /// <summary>Bytes of one value that a query returns at most; positive. A larger one throws. Default: 1 MiB.</summary>
    public long MaxCellBytes { get; set; } = 1L << 20;

    /// <summary>How long a statement runs at most; positive. Default: 5 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What a statement may cost by the engine's own estimate before it runs; positive. PostgreSQL: its planner's
    /// cost of the rows that are fetched. SQLite: a hundredth of the rows that full scans visit together. Null: no look at the
    /// plan. Default: 10,000,000.</summary>
    public double? MaxCost { get; set; } = 10_000_000;

    /// <summary>Rows that a statement may return or change by the engine's own estimate before it runs; positive.
    /// Null: any. Default: null.</summary>
    public double? MaxEstimatedRows { get; set; }

    /// <summary>Rows that a statement changes at most; positive. More, and nothing is changed. Default: 100.</summary>
    public int MaxAffectedRows { get; set; } = 100;

    /// <summary>Whether UPDATE and DELETE may leave out their WHERE. Default: no.</summary>
    public bool UnguardedWithoutWhere { get; set; }

    /// <summary>How long a previewed change can be committed; positive. Default: 10 minutes.</summary>
    public TimeSpan PreviewLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Connections that are open at the same time in one session and its children at most; positive. Default: 8.</summary>
    public int MaxConnections { get; set; } = 8;

    /// <summary>Statements that one session and its children run at most; positive. Default: 10,000.</summary>
    public long SessionStatements { get; set; } = 10_000;

    /// <summary>Rows that all statements of one session and its children return and change at most; positive.
    /// Default: 1,000,000.</summary>
    public long SessionRows { get; set; } = 1_000_000;

    internal static void Validate(DatabaseLimitOptions limits, string path, PolicyErrors errors)
    {
        if (limits.MaxRows <= 0 || limits.MaxBytes <= 0 || limits.MaxCellBytes <= 0 || limits.Timeout <= TimeSpan.Zero
            || limits.PreviewLifetime <= TimeSpan.Zero
            || limits.MaxAffectedRows <= 0 || limits.MaxConnections <= 0 || limits.SessionStatements <= 0
            || limits.SessionRows <= 0 || limits.MaxCost is <= 0 or double.NaN || limits.MaxEstimatedRows is <= 0 or double.NaN)
        {
            errors.Add($"{path}:Limits", null, "A limit is not positive.", "Use a number greater than 0.");
        }
    }

    /// <summary>The stricter of each.</summary>
    internal DatabaseLimitOptions Strictest(DatabaseLimitOptions other) => new()
    {
        MaxRows = Math.Min(MaxRows, other.MaxRows),
        MaxBytes = Math.Min(MaxBytes, other.MaxBytes),
        MaxCellBytes = Math.Min(MaxCellBytes, other.MaxCellBytes),
        Timeout = Timeout < other.Timeout ? Timeout : other.Timeout,
        MaxCost = Least(MaxCost, other.MaxCost),
        MaxEstimatedRows = Least(MaxEstimatedRows, other.MaxEstimatedRows),
        MaxAffectedRows = Math.Min(MaxAffectedRows, other.MaxAffectedRows),
        UnguardedWithoutWhere = UnguardedWithoutWhere && other.UnguardedWithoutWhere,
        PreviewLifetime = PreviewLifetime < other.PreviewLifetime ? PreviewLifetime : other.PreviewLifetime,
        MaxConnections = Math.Min(MaxConnections, other.MaxConnections),
        SessionStatements = Math.Min(SessionStatements, other.SessionStatements),
        SessionRows = Math.Min(SessionRows, other.SessionRows),
    };

    private static double? Least(double? one, double? other) =>
        one is null ? other : other is null ? one : Math.Min(one.Value, other.Value);
}
