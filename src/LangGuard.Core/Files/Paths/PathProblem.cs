namespace LangGuard.Files;

/// <summary>Why a text is not a name beneath a root.</summary>
internal enum PathProblem : byte
{
    None = 0,
    Empty,
    NullCharacter,
    IllFormed,
    TooLong,
    Outside,
    Unclear,
}
