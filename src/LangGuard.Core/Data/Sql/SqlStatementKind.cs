namespace LangGuard.Data;

/// <summary>The outermost statement. A query may still change data through a data-modifying WITH: see
/// <see cref="SqlFacts.Uses"/>.</summary>
internal enum SqlStatementKind
{
    /// <summary>SELECT, VALUES, TABLE, or WITH before one of them.</summary>
    Query = 0,

    /// <summary>The plan of a query, without running it.</summary>
    Explain,

    Insert,

    Update,

    Delete,
}
