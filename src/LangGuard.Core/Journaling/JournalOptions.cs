namespace LangGuard;

/// <summary>Where and how the journal of file changes is kept.</summary>
public sealed class JournalOptions
{
    /// <summary>The directory of the journal on the host. It belongs to the host alone (mode 0700), lies outside every root
    /// and, for undo without copying, on the same mount as the roots. Null: no journal. Default: null.</summary>
    public string? Directory { get; set; }

    /// <summary>Bytes of pre-images kept at most; positive. When they are used up, a write that would lose data is refused;
    /// what a live session may still undo is never evicted. Default: 1 GiB.</summary>
    public long MaxBytes { get; set; } = 1L << 30;

    /// <summary>The largest pre-image that is copied where it cannot be moved aside; in bytes, not negative.
    /// Default: 64 MiB.</summary>
    public long MaxCopyBytes { get; set; } = 64L << 20;

    /// <summary>How long the changes of ended sessions are kept; positive. Default: 30 days.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Whether a change that cannot be undone is made all the same. Default: no, it is refused.</summary>
    public bool UnguardedWithoutUndo { get; set; }

    /// <summary>Whether each record reaches the disk before the change, so that undo survives a loss of power and not only
    /// of the process. Default: no.</summary>
    public bool SyncToDisk { get; set; }
}
