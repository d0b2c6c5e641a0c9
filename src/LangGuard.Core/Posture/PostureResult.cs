namespace LangGuard.Posture;

/// <summary>What a posture check says. <c>default</c> has not passed.</summary>
/// <param name="Passed">Whether the property holds. What can not be found out does not hold.</param>
/// <param name="Message">What is wrong, or the evidence.</param>
/// <param name="Remedy">How to mend it, or null.</param>
public readonly record struct PostureResult(bool Passed, string Message, string? Remedy = null)
{
    /// <summary>The id of the check; null until it has been asked by a policy.</summary>
    public string? Check { get; internal init; }

    /// <summary>Whether the policy can not be built without it.</summary>
    public bool IsRequired { get; internal init; }

    /// <summary>It holds.</summary>
    public static PostureResult Holds(string evidence) => new(true, evidence);

    /// <summary>It does not hold, or nobody knows.</summary>
    public static PostureResult Fails(string problem, string remedy) => new(false, problem, remedy);

    /// <inheritdoc />
    public override string ToString() =>
        $"{(Passed ? "holds" : "FAILS")} {Check}: {Message}{(Remedy is null ? string.Empty : $" {Remedy}")}";
}
