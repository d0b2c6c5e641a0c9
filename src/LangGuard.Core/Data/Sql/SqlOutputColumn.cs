namespace LangGuard.Data;

/// <summary>A column of a result list.</summary>
/// <param name="Name">Its name, when it does not stand in the text.</param>
/// <param name="Token">The token of its name, or of the qualifier of a star, or -1.</param>
/// <param name="IsStar">Whether it stands for columns of FROM.</param>
/// <param name="Schema">The token of the schema of a qualified star, or -1.</param>
/// <param name="IsFromStar">Whether a star stood for it.</param>
/// <param name="Choice">What follows a star.</param>
/// <param name="End">Where an expression without a name ends, for dialects that name columns by their text.</param>
internal readonly record struct SqlOutputColumn(string? Name, int Token, bool IsStar = false, int Schema = -1, int End = -1, bool IsFromStar = false, SqlStarChoice? Choice = null)
{
    /// <summary>The name of an expression whose name in the engine is not known: no text can spell it.</summary>
    internal const string Unnamed = "\0";
}
