namespace LangGuard.Data;

/// <summary>A change that was not taken back.</summary>
/// <param name="Change">The change.</param>
/// <param name="Problem">Why. Holds no value of a row.</param>
public sealed record DatabaseUndoRefusal(DatabaseChange Change, string Problem);
