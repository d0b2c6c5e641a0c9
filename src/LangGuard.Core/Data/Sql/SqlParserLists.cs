namespace LangGuard.Data;

/// <summary>What the parser collects.</summary>
internal sealed class SqlParserLists
{
    internal List<SqlTableUse> Tables { get; } = [];

    internal List<SqlTableReference> References { get; } = [];

    internal List<SqlFunctionUse> Functions { get; } = [];

    internal List<SqlParameterUse> Parameters { get; } = [];

    internal List<SqlChange> Changes { get; } = [];

    internal List<SqlBound> Bounds { get; } = [];

    /// <summary>Queries inside the expression that is being read: where they begin, and what they have grown by.</summary>
    internal List<(int At, long Growth)> Growths { get; } = [];

    /// <summary>Names that the queries being read have given to what has grown; a stack.</summary>
    internal List<(int Token, long Growth)> Names { get; } = [];

    /// <summary>Where the columns of the queries being read stand; a stack.</summary>
    internal List<(int First, int End)> Items { get; } = [];

    /// <summary>Every name that WITH bound.</summary>
    internal List<string> CommonTableNames { get; } = [];

    /// <summary>Names bound by WITH that are in scope; a stack.</summary>
    internal List<SqlCommonTable> CommonTables { get; } = [];

    /// <summary>Items of FROM in scope; a stack.</summary>
    internal List<SqlRelation> Relations { get; } = [];

    /// <summary>Names in expressions that are not resolved yet; a stack.</summary>
    internal List<SqlColumnReference> Pending { get; } = [];

    /// <summary>Result lists of the queries that are being read; a stack.</summary>
    internal List<SqlOutputColumn> Outputs { get; } = [];

    /// <summary>Tokens of the parameters of the lambda functions that are being read; a stack.</summary>
    internal List<int> LambdaParameters { get; } = [];

    /// <summary>Result columns of the statement that a star stands for.</summary>
    internal List<string> StarColumns { get; } = [];
}
