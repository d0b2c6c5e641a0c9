namespace LangGuard.Data;

/// <summary>Why a text was not understood, in words from which a model can correct it. Holds nothing but what the caller
/// wrote.</summary>
/// <param name="Position">The index of the character at which reading stopped.</param>
/// <param name="Expected">What could have stood there, such as <c>a table name</c>.</param>
/// <param name="Message">One sentence.</param>
internal sealed record SqlRefusal(int Position, string Expected, string Message);
