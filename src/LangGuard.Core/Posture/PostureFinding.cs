namespace LangGuard.Posture;

/// <summary>The answer of one posture check.</summary>
/// <param name="Check">The id of the check.</param>
/// <param name="Result">Its answer.</param>
/// <param name="IsRequired">Whether the policy can not be built without it.</param>
public sealed record PostureFinding(string Check, PostureResult Result, bool IsRequired)
{
    /// <inheritdoc />
    public override string ToString() =>
        $"{(Result.Passed ? "holds" : "FAILS")} {Check}: {Result.Message}{(Result.Remedy is null ? string.Empty : $" {Result.Remedy}")}";
}
