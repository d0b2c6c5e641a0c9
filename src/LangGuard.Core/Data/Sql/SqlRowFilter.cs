namespace LangGuard.Data;

/// <summary>A condition on the rows of a table: a column equals a value of the session's principal.</summary>
/// <param name="Column">The column, as the engine keeps its name.</param>
/// <param name="Value">The value. It reaches the engine as a parameter, never as text.</param>
internal readonly record struct SqlRowFilter(string Column, string Value);
