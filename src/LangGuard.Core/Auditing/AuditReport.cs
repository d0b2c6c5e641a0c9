namespace LangGuard.Auditing;

/// <summary>What a verifier says about an audit file.</summary>
/// <param name="Records">How many records are whole and chained.</param>
/// <param name="ProvenRecords">How many of them a trusted checkpoint covers: up to here no change is possible unseen.</param>
/// <param name="Findings">Everything that is not as it should be.</param>
/// <param name="UnknownOutcomes">Operations that were allowed and whose end is not recorded.</param>
public sealed record AuditReport(
    long Records, long ProvenRecords, IReadOnlyList<AuditFinding> Findings, IReadOnlyList<AuditIntent> UnknownOutcomes)
{
    /// <summary>Whether nothing shows a change.</summary>
    public bool IsIntact => Findings.All(finding => !finding.IsTampering);
}
