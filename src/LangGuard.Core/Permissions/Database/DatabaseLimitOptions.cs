namespace LangGuard.Permissions;

/// <summary>How much one statement may return, change and take.</summary>
public sealed class DatabaseLimitOptions
{
    /// <summary>Rows that a query returns at most; positive. One row more throws. Default: 1,000.</summary>
    public int MaxRows { get; set; } = 1_000;

    /// <summary>Bytes that a query returns at most, as far as they are read; positive. Default: 8 MiB.</summary>
    public long MaxBytes { get; set; } = 8L << 20;

    /// <summary>How long a statement runs at most; positive. Default: 5 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Rows that a statement changes at most; positive. More, and nothing is changed. Default: 100.</summary>
    public int MaxAffectedRows { get; set; } = 100;

    /// <summary>Whether UPDATE and DELETE need a WHERE. Default: yes.</summary>
    public bool RequireWhere { get; set; } = true;

    /// <summary>Connections that are open at the same time in one session at most; positive. Default: 8.</summary>
    public int MaxConnections { get; set; } = 8;

    internal static void Validate(DatabaseLimitOptions limits, string path, PolicyErrors errors)
    {
        if (limits.MaxRows <= 0 || limits.MaxBytes <= 0 || limits.Timeout <= TimeSpan.Zero || limits.MaxAffectedRows <= 0
            || limits.MaxConnections <= 0)
        {
            errors.Add($"{path}:Limits", null, "A limit is not positive.", "Use a number greater than 0.");
        }
    }
}
