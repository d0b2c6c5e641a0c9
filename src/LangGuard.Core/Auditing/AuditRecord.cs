namespace LangGuard.Auditing;

/// <summary>One decision or one outcome.</summary>
/// <param name="Phase">Decision or outcome.</param>
/// <param name="Time">When.</param>
/// <param name="Sequence">The number of the operation in its session tree; decision and outcome share it.</param>
/// <param name="Session">The session, or null when there was none.</param>
/// <param name="Operation">What, in canonical form.</param>
/// <param name="Decision">The decision.</param>
/// <param name="Outcome">What really happened; only meaningful for an outcome.</param>
/// <param name="ApprovalId">The approval that was asked for or used, or null.</param>
public readonly record struct AuditRecord(
    AuditPhase Phase,
    DateTimeOffset Time,
    long Sequence,
    GuardSession? Session,
    Operation Operation,
    Decision Decision,
    OperationOutcome Outcome,
    string? ApprovalId = null)
{
    /// <summary>The rule of a layer that only reports and would have objected; null when there is none.</summary>
    public Reason? Reported { get; init; }

    /// <summary>The policy that was in force, or null.</summary>
    internal Policy? Policy { get; init; }
}
