namespace LangGuard.Data;

/// <summary>One row of a preview.</summary>
/// <param name="Before">The row as it is, or null for a new one.</param>
/// <param name="After">The row as the change would leave it, or null for one that goes.</param>
public sealed record WritePreviewRow(
    IReadOnlyDictionary<string, object?>? Before, IReadOnlyDictionary<string, object?>? After);
