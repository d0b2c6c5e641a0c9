namespace LangGuard.Posture;

/// <summary>What a posture check says. <c>default</c> has not passed.</summary>
/// <param name="Passed">Whether the property holds. What can not be found out does not hold.</param>
/// <param name="Message">What is wrong, or the evidence.</param>
/// <param name="Remedy">How to mend it, or null.</param>
public readonly record struct PostureResult(bool Passed, string Message, string? Remedy = null)
{
    /// <summary>It holds.</summary>
    public static PostureResult Holds(string evidence) => new(true, evidence);

    /// <summary>It does not hold, or nobody knows.</summary>
    public static PostureResult Fails(string problem, string remedy) => new(false, problem, remedy);
}
