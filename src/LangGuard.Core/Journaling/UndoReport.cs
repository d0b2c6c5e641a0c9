namespace LangGuard;

/// <summary>What an undo did.</summary>
/// <typeparam name="TChange">A change of a file, or of rows.</typeparam>
/// <param name="Undone">What was taken back, in that order.</param>
/// <param name="Refused">What was left as it is, and why.</param>
public sealed record UndoReport<TChange>(IReadOnlyList<TChange> Undone, IReadOnlyList<UndoRefusal<TChange>> Refused)
{
    /// <summary>Whether everything was taken back.</summary>
    public bool IsComplete => Refused.Count == 0;
}
