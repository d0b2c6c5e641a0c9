namespace LangGuard.Data;

/// <summary>What an undo did.</summary>
/// <param name="Undone">What was taken back, in that order.</param>
/// <param name="Refused">What was left as it is, and why.</param>
public sealed record DatabaseUndoReport(IReadOnlyList<DatabaseChange> Undone, IReadOnlyList<DatabaseUndoRefusal> Refused)
{
    /// <summary>Whether everything was taken back.</summary>
    public bool IsComplete => Refused.Count == 0;
}
