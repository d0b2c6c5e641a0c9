namespace LangGuard.Auditing;

/// <summary>One thing that a verifier found.</summary>
/// <param name="Kind">What.</param>
/// <param name="Message">Where and how.</param>
public sealed record AuditFinding(AuditFindingKind Kind, string Message)
{
    /// <summary>Whether it means that somebody changed the file, rather than that a crash left a trace.</summary>
    public bool IsTampering => Kind is not (AuditFindingKind.TornEnd or AuditFindingKind.ClockWentBack);
}
