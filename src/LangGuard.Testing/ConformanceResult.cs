namespace LangGuard.Testing;

/// <summary>The result of one case of a corpus.</summary>
/// <param name="Id">The case.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Seen">What happened.</param>
public sealed record ConformanceResult(string Id, ConformanceOutcome Outcome, string Seen)
{
    /// <summary>The kind of attack, such as <c>symlink</c>, or what a benign case shows.</summary>
    public string Technique { get; init; } = string.Empty;

    /// <summary>Whether the case is an attack, which must be denied; otherwise it must complete.</summary>
    public bool IsAttack { get; init; }

    /// <summary>The rule that denied it, or null.</summary>
    public string? Rule { get; init; }

    /// <summary>Whether the run fails because of it.</summary>
    public bool Fails => Outcome is ConformanceOutcome.Bypass or ConformanceOutcome.FalseDenial or ConformanceOutcome.Error;

    /// <inheritdoc />
    public override string ToString() =>
        $"{Id} {(Outcome == ConformanceOutcome.FalseDenial ? "false-denial" : Outcome.ToString().ToLowerInvariant())} {Seen}";
}
