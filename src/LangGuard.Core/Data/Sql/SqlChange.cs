namespace LangGuard.Data;

/// <summary>One INSERT, UPDATE or DELETE inside a statement, and where its parts stand in the text.</summary>
/// <param name="Kind">Which of the three.</param>
/// <param name="Target">The table that it changes.</param>
/// <param name="Alias">The name by which the change calls its target.</param>
/// <param name="WherePosition">Where the condition after WHERE begins, or -1.</param>
/// <param name="WhereEnd">Where that condition ends; without WHERE, where one would go.</param>
/// <param name="ReturningEnd">Where the RETURNING list ends, or -1 when there is none.</param>
/// <param name="End">Where the change ends.</param>
/// <param name="ConflictWherePosition">Where the condition of DO UPDATE begins, or -1.</param>
/// <param name="ConflictWhereEnd">Where that condition ends or would go; -1 without DO UPDATE.</param>
/// <param name="Replaces">Whether rows in the way are removed (REPLACE, OR REPLACE).</param>
internal readonly record struct SqlChange(
    SqlStatementKind Kind,
    SqlTableUse Target,
    string Alias,
    int WherePosition,
    int WhereEnd,
    int ReturningEnd,
    int End,
    int ConflictWherePosition,
    int ConflictWhereEnd,
    bool Replaces);
