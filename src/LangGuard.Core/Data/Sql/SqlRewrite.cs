namespace LangGuard.Data;

/// <summary>A statement confined to the rows and values that its tables' scopes allow, or why it can not be.</summary>
internal sealed class SqlRewrite
{
    /// <summary>The name of the column that the rewriter adds behind RETURNING.</summary>
    internal const string ScopeColumn = "lg_in_scope";

    internal SqlRewrite(string text, IReadOnlyList<SqlScopeParameter> parameters, bool hasScopeColumn)
    {
        Text = text;
        Parameters = parameters;
        HasScopeColumn = hasScopeColumn;
    }

    internal SqlRewrite(SqlRefusal refusal)
    {
        Text = string.Empty;
        Parameters = [];
        Refusal = refusal;
    }

    /// <summary>The text to run. Its parameter marks stand elsewhere than in the original: inspect it again to find them.</summary>
    internal string Text { get; }

    /// <summary>Parameters to bind besides the caller's own.</summary>
    internal IReadOnlyList<SqlScopeParameter> Parameters { get; }

    /// <summary>Whether the last result column says of each new row whether it is in scope. Unless it is true for every
    /// row, nothing may be committed; the column is not shown to the caller.</summary>
    internal bool HasScopeColumn { get; }

    internal SqlRefusal? Refusal { get; }
}
