namespace LangGuard.DuckDb;

/// <summary>One query as the engine's own parser reads it.</summary>
/// <param name="Refusal">Why it is none that may run, or null.</param>
internal sealed record ParsedQuery(string? Refusal)
{
    /// <summary>Tables, as <c>schema.table</c>.</summary>
    internal IReadOnlySet<string> Tables { get; init; } = new HashSet<string>();

    /// <summary>Names of functions that the text calls, without their schemas. Those that the parser itself puts in the place of
    /// other syntax are not among them.</summary>
    internal IReadOnlySet<string> Functions { get; init; } = new HashSet<string>();

    /// <summary>Every part of every name that may be a column, and the names of joins.</summary>
    internal IReadOnlySet<string> Names { get; init; } = new HashSet<string>();

    /// <summary>Names by which the query calls its tables.</summary>
    internal IReadOnlySet<string> Aliases { get; init; } = new HashSet<string>();

    /// <summary>Names of parameters without their signs.</summary>
    internal IReadOnlySet<string> Parameters { get; init; } = new HashSet<string>();

    /// <summary>Whether it uses columns without naming them: by a star, by place, by a natural join, or under new names.</summary>
    internal bool UsesUnnamedColumns { get; init; }
}
