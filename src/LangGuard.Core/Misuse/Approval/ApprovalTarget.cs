namespace LangGuard.Misuse;

/// <summary>One value that an operation is aimed at, and where it came from.</summary>
/// <param name="Name">The argument, or what the value is.</param>
/// <param name="Value">The value, cleaned for people.</param>
/// <param name="Origin">Who named it.</param>
public sealed record ApprovalTarget(string Name, string Value, TargetOrigin Origin);
