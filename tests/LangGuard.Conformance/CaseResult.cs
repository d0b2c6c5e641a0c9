namespace LangGuard.Conformance;

/// <summary>The result of one case.</summary>
/// <param name="Id">The case.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Detail">What happened.</param>
public sealed record CaseResult(string Id, CaseOutcome Outcome, string Detail)
{
    /// <summary>Whether the run fails because of it.</summary>
    public bool Fails => Outcome is CaseOutcome.Bypass or CaseOutcome.FalseDenial or CaseOutcome.Error;

    /// <summary>The rule that denied it, or null.</summary>
    public string? Rule { get; init; }

    private string Word => Outcome switch
    {
        CaseOutcome.FalseDenial => "false-denial",
        _ => Outcome.ToString().ToLowerInvariant(),
    };

    /// <inheritdoc />
    public override string ToString() => $"FAIL {Id} {Word} {Detail}";
}
