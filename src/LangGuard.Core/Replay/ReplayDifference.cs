namespace LangGuard.Replay;

/// <summary>One operation that another policy decides differently.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Before">What was decided then.</param>
/// <param name="After">What the other policy decides.</param>
public sealed record ReplayDifference(Operation Operation, Decision Before, Decision After)
{
    /// <inheritdoc />
    public override string ToString() => $"{Operation}: {Before} -> {After}";
}
