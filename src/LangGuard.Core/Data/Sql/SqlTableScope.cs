namespace LangGuard.Data;

/// <summary>What a statement may see of one table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Filters">Conditions that all hold for every row it may see or change.</param>
/// <param name="Masked">Columns whose values it may not see; they read as NULL.</param>
internal sealed record SqlTableScope(
    SqlTable Table, IReadOnlyList<SqlRowFilter> Filters, IReadOnlyList<string> Masked)
{
    /// <summary>Columns that read as a keyed hash of their value, so that equal values stay equal.</summary>
    internal IReadOnlyList<string> Hashed { get; init; } = [];

    /// <summary>The key of the hash.</summary>
    internal string HashKey { get; init; } = string.Empty;
}
