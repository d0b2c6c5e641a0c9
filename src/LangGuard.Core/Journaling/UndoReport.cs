namespace LangGuard;

/// <summary>What an undo did.</summary>
/// <param name="Undone">What was taken back, in that order.</param>
/// <param name="Refused">What was left as it is, and why.</param>
public sealed record UndoReport(IReadOnlyList<FileChange> Undone, IReadOnlyList<UndoRefusal> Refused)
{
    /// <summary>Whether everything was taken back.</summary>
    public bool IsComplete => Refused.Count == 0;
}
