namespace LangGuard.Permissions;

/// <summary>Whether the rows that a session changes can be brought back.</summary>
public sealed class DatabaseUndoOptions
{
    /// <summary>Whether rows are kept as they were before a change. They are kept in memory, as long as the session tree.
    /// Default: no.</summary>
    public bool Keep { get; set; }

    /// <summary>Whether a change that could not be undone is made all the same. Default: no, it is refused.</summary>
    public bool UnguardedWithoutUndo { get; set; }

    /// <summary>Bytes of rows kept for one session and its children at most; positive. When they are used up, a change is
    /// refused, or with <see cref="UnguardedWithoutUndo"/> not kept. Default: 16 MiB.</summary>
    public long MaxBytes { get; set; } = 16L << 20;

    internal static void Validate(DatabaseUndoOptions undo, string path, PolicyErrors errors)
    {
        if (undo.MaxBytes <= 0)
        {
            errors.Add($"{path}:Undo:MaxBytes", null, "The limit is not positive.", "Use a number greater than 0.");
        }
    }

    /// <summary>The stricter of each: kept where one keeps, required where one requires.</summary>
    internal DatabaseUndoOptions Strictest(DatabaseUndoOptions other) => new()
    {
        Keep = Keep || other.Keep,
        UnguardedWithoutUndo = (!Keep || UnguardedWithoutUndo) && (!other.Keep || other.UnguardedWithoutUndo),
        MaxBytes = Math.Min(Keep ? MaxBytes : long.MaxValue, other.Keep ? other.MaxBytes : long.MaxValue),
    };
}
