namespace LangGuard.Data;

/// <summary>A parameter that the rewriter added.</summary>
/// <param name="Name">Its name without a sign.</param>
/// <param name="Value">The principal's value.</param>
internal readonly record struct SqlScopeParameter(string Name, string Value);
