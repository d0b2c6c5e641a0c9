using LangGuard.Data;

namespace LangGuard.Ablation;

/// <summary>Facts of a statement that nobody has read, for tests that measure what the engine's own walls hold.</summary>
internal static class UninspectedStatement
{
    internal static SqlInspection Of(string text, SqlDialect dialect) => new(new SqlFacts
    {
        Dialect = dialect,
        IsUninspected = true,
        Kind = SqlStatementKind.Query,
        Tables = [],
        References = [],
        Functions = [],
        Parameters = [],
        CommonTables = [],
        Changes = [],
        Uses = Changes(text) ? SqlUse.Change : SqlUse.None,
        HasWhere = true,
        HasLimit = false,
        Locks = false,
        HasStar = false,
        ReturnsRows = true,
        ResultColumns = -1,
        StarColumns = [],
        End = text.Length,
    });

    /// <summary>The first word alone decides how it is run.</summary>
    private static bool Changes(string text) =>
        text.AsSpan().TrimStart() is var start
        && (start.StartsWith("insert", StringComparison.OrdinalIgnoreCase)
            || start.StartsWith("update", StringComparison.OrdinalIgnoreCase)
            || start.StartsWith("delete", StringComparison.OrdinalIgnoreCase)
            || start.StartsWith("replace", StringComparison.OrdinalIgnoreCase)
            || start.StartsWith("merge", StringComparison.OrdinalIgnoreCase));
}
