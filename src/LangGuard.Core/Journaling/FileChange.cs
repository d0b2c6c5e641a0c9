namespace LangGuard;

/// <summary>One change of a file or directory.</summary>
/// <param name="Number">The number in the journal; later changes have higher numbers.</param>
/// <param name="Kind">What was done.</param>
/// <param name="Path">The name as the agent knows it, such as <c>/kb/notes.md</c>.</param>
/// <param name="NewPath">The new name of a move; otherwise null.</param>
/// <param name="Time">When.</param>
/// <param name="State">Whether it can still be undone.</param>
/// <param name="IsCopied">Whether the pre-image is a copy; otherwise the old file itself was kept, or none was needed.</param>
public sealed record FileChange(
    long Number, FileChangeKind Kind, string Path, string? NewPath, DateTimeOffset Time, ChangeState State, bool IsCopied);
