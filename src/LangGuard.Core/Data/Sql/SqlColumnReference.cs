namespace LangGuard.Data;

/// <summary>A name in an expression that waits for the FROM of its query, or of a query around it.</summary>
internal struct SqlColumnReference
{
    /// <summary>The token of the schema, or -1.</summary>
    internal int Schema;

    /// <summary>The token of the qualifier, or -1.</summary>
    internal int Qualifier;

    /// <summary>The token of the name.</summary>
    internal int Name;

    /// <summary>The nesting level of the query that is asked next.</summary>
    internal int Level;

    /// <summary>Which names of the result list it may mean.</summary>
    internal SqlAliasRule Aliases;

    /// <summary>Whether <c>t.*</c> or <c>(t).name</c> reads the whole row.</summary>
    internal bool IsWholeRow;

    /// <summary>Whether something was found that may be meant; another find is then no error to miss.</summary>
    internal bool IsSatisfied;

    /// <summary>How many names are joined by dots from <see cref="Name"/> on, where it is not known which of them is the column.</summary>
    internal int Parts;

    /// <summary>The columns of a star in an expression, or null for a name.</summary>
    internal SqlStarChoice? Star;
}
