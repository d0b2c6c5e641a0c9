namespace LangGuard;

/// <summary>One error in a policy.</summary>
/// <param name="Path">Where, as a configuration path such as <c>LimitPermissions:Files:kb:Root</c>.</param>
/// <param name="Value">The offending value, or null when something is missing.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Remedy">How to mend it.</param>
public sealed record PolicyError(string Path, string? Value, string Problem, string Remedy)
{
    /// <inheritdoc />
    public override string ToString() =>
        Value is null ? $"{Path}: {Problem} {Remedy}" : $"{Path} = '{Value}': {Problem} {Remedy}";
}
