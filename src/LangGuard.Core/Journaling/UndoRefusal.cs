namespace LangGuard;

/// <summary>A change that was not taken back.</summary>
/// <param name="Change">The change.</param>
/// <param name="Problem">Why.</param>
public sealed record UndoRefusal(FileChange Change, string Problem);
