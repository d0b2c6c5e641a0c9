namespace LangGuard.Permissions;

/// <summary>A function that is not what it was.</summary>
/// <param name="Before">As it was first seen or last accepted.</param>
/// <param name="Now">As it is now.</param>
public sealed record FunctionChange(FunctionPin Before, FunctionPin Now);
