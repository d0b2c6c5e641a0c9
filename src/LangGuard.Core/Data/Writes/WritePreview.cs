namespace LangGuard.Data;

/// <summary>What a change would do. Nothing has been changed.</summary>
/// <param name="Token">Commits this change on these rows, once, in this session.</param>
/// <param name="ExpiresAt">Until when.</param>
/// <param name="Table">The table.</param>
/// <param name="AffectedRows">How many rows the change touches.</param>
/// <param name="Rows">The rows, as far as they may be read. Masked columns are NULL; denied ones are left out.</param>
public sealed record WritePreview(
    string Token, DateTimeOffset ExpiresAt, string Table, int AffectedRows, IReadOnlyList<WritePreviewRow> Rows);
