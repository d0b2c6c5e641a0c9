namespace LangGuard.Data;

/// <summary>A function that a statement calls, in any position.</summary>
/// <param name="Schema">The schema as written, or null.</param>
/// <param name="Name">The name as the engine reads it.</param>
/// <param name="IsBuiltIn">Whether it is on the dialect's list of built-ins without side effects. Every other function
/// needs a permission.</param>
internal readonly record struct SqlFunctionUse(string? Schema, string Name, bool IsBuiltIn);
