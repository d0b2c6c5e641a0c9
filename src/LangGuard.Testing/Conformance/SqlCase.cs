namespace LangGuard.Testing.Conformance;

/// <summary>One statement against the policy of a database.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Technique">The kind of attack, or what an honest statement shows.</param>
/// <param name="Text">The statement.</param>
internal sealed record SqlCase(SqlCaseKind Kind, string Technique, string Text)
{
    public string Id { get; init; } = string.Empty;

    /// <summary>What asks the owner's login for the number that an agent may see at most, where a statement has to be confined.</summary>
    public string? Oracle { get; init; }

    /// <summary>Whether an honest statement returns what it does without a guard, value by value.</summary>
    public bool IsComparable { get; init; } = true;

    /// <summary>A name that a policy may grant by itself, such as a catalog or a function; then the case is no attack.</summary>
    public string? Names { get; init; }
}
