using LangGuard.Data;

namespace LangGuard.SqlServer;

/// <summary>One statement as Microsoft's parser reads it.</summary>
/// <param name="Refusal">Why it is none that may run, or null.</param>
internal sealed record ParsedStatement(string? Refusal)
{
    internal SqlStatementKind Kind { get; init; }

    /// <summary>Tables that are read, as <c>schema.table</c>.</summary>
    internal IReadOnlySet<string> Reads { get; init; } = new HashSet<string>();

    /// <summary>Tables that are changed.</summary>
    internal IReadOnlySet<string> Targets { get; init; } = new HashSet<string>();

    /// <summary>Names of functions without their schemas.</summary>
    internal IReadOnlySet<string> Functions { get; init; } = new HashSet<string>();

    /// <summary>Names of parameters without their signs.</summary>
    internal IReadOnlySet<string> Parameters { get; init; } = new HashSet<string>();

    /// <summary>Where the query stands that may be a part of another one; its length is 0 when it may not.</summary>
    internal Range Body { get; init; }
}
