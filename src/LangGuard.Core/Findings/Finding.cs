namespace LangGuard.Findings;

/// <summary>One thing in a policy that is valid and yet not as it should be.</summary>
/// <param name="Id">The stable id, such as <c>http.any-host</c>; never reused.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Place">Where, as a configuration path.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Remedy">How to mend it.</param>
public sealed record Finding(string Id, FindingSeverity Severity, string Place, string Problem, string Remedy)
{
    /// <inheritdoc />
    public override string ToString() => $"{Severity} {Id} at {Place}: {Problem} {Remedy}";
}
