namespace LangGuard.Auditing;

/// <summary>What a verifier found.</summary>
public enum AuditFindingKind
{
    /// <summary>A record is not what it was when it was written.</summary>
    Edited = 0,

    /// <summary>Records are missing in the middle, moved or doubled.</summary>
    Reordered,

    /// <summary>Records are missing at the start or the end.</summary>
    Truncated,

    /// <summary>The chain is sound in itself and not the one that was signed: it was made anew.</summary>
    Restamped,

    /// <summary>Two checkpoints of one file contradict each other.</summary>
    Forked,

    /// <summary>A checkpoint that no trusted key has signed. It proves nothing.</summary>
    UntrustedCheckpoint,

    /// <summary>The last record is torn, as after a crash. Not a change.</summary>
    TornEnd,

    /// <summary>The clock of the writer went back. Not a change: the order of records does not depend on it.</summary>
    ClockWentBack,
}
