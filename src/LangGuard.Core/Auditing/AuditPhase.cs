namespace LangGuard.Auditing;

/// <summary>When in the life of an operation a record was made.</summary>
public enum AuditPhase
{
    /// <summary>Decided. For an allow this is the intent: written before the effect.</summary>
    Decision = 0,

    /// <summary>Done, with what really happened.</summary>
    Outcome,

    /// <summary>A layer has not answered for a long time. The operation has not run.</summary>
    LayerStalled,

    /// <summary>A new policy is in force.</summary>
    PolicyReloaded,

    /// <summary>A reload failed; the old policy stays in force.</summary>
    PolicyReloadFailed,
}
