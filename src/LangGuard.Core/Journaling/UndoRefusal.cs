namespace LangGuard;

/// <summary>A change that was not taken back.</summary>
/// <typeparam name="TChange">A change of a file, or of rows.</typeparam>
/// <param name="Change">The change.</param>
/// <param name="Problem">Why. Holds no value of a row.</param>
public sealed record UndoRefusal<TChange>(TChange Change, string Problem);
