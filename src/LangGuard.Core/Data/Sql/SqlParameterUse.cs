namespace LangGuard.Data;

/// <summary>A parameter mark in the text.</summary>
/// <param name="Name">The mark as written without its sign, such as <c>id</c> or <c>1</c>; empty for a bare <c>?</c>.</param>
/// <param name="Sign">The sign: <c>? : @ $</c>.</param>
/// <param name="Position">Where the mark begins.</param>
/// <param name="Length">Its length with the sign.</param>
internal readonly record struct SqlParameterUse(string Name, char Sign, int Position, int Length);
