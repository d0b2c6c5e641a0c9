namespace LangGuard.Data;

/// <summary>What EXCLUDE, REPLACE and RENAME behind a star make of its columns.</summary>
internal sealed class SqlStarChoice
{
    /// <summary>The token of the table that the star is of, or -1.</summary>
    internal int Qualifier { get; init; } = -1;

    /// <summary>Columns that it leaves out, with the name of their table or null.</summary>
    internal List<(string? Table, string Column)> Excluded { get; } = [];

    /// <summary>Columns for which something else stands.</summary>
    internal List<string> Replaced { get; } = [];

    /// <summary>Columns that get another name.</summary>
    internal Dictionary<string, string> Renamed { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a pattern or a function chooses among the columns: which ones is not known.</summary>
    internal bool IsFiltered { get; set; }

    internal bool Leaves(string column, string? alias) =>
        Excluded.Exists(excluded => excluded.Column == column && (excluded.Table is null || excluded.Table == alias));
}
