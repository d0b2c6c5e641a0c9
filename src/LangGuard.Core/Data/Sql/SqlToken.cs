namespace LangGuard.Data;

/// <summary>One token: where it stands and what it is.</summary>
internal readonly struct SqlToken(SqlTokenKind kind, SqlKeyword keyword, int start, int end)
{
    internal readonly int Start = start;

    internal readonly int End = end;

    internal readonly SqlTokenKind Kind = kind;

    /// <summary>The keyword, for a word that is one.</summary>
    internal readonly SqlKeyword Keyword = keyword;
}
