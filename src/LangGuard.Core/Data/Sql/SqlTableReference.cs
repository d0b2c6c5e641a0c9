namespace LangGuard.Data;

/// <summary>One place where the text names a table. Row filters and masks replace it.</summary>
/// <param name="Use">The table.</param>
/// <param name="Role">Whether it is read or is the target of a change.</param>
/// <param name="Position">Where the name begins, with ONLY or the word TABLE before it.</param>
/// <param name="End">Where the name and its alias end.</param>
/// <param name="Alias">The name by which the rest of the statement calls it.</param>
/// <param name="AliasText">The text behind the name that holds alias and column aliases, or empty.</param>
/// <param name="Obstacle">Why the place can not be rewritten, or null.</param>
internal readonly record struct SqlTableReference(
    SqlTableUse Use, SqlUse Role, int Position, int End, string Alias, string AliasText, string? Obstacle);
