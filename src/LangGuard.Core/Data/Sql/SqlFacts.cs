namespace LangGuard.Data;

/// <summary>What one statement does: everything that a permission or an engine wall needs to know. Immutable, shared by all
/// callers of the same text.</summary>
internal sealed class SqlFacts
{
    internal required SqlDialect Dialect { get; init; }

    internal required SqlStatementKind Kind { get; init; }

    /// <summary>The tables that the statement names, each once. Names bound by WITH are not among them.</summary>
    internal required IReadOnlyList<SqlTableUse> Tables { get; init; }

    /// <summary>Every place where a table is named, in the order of the text.</summary>
    internal required IReadOnlyList<SqlTableReference> References { get; init; }

    internal required IReadOnlyList<SqlFunctionUse> Functions { get; init; }

    internal required IReadOnlyList<SqlParameterUse> Parameters { get; init; }

    /// <summary>Names that the statement binds by WITH, as the engine keeps them.</summary>
    internal required IReadOnlyList<string> CommonTables { get; init; }

    /// <summary>INSERT, UPDATE and DELETE statements in the text, in the order of the text, those inside WITH included.</summary>
    internal required IReadOnlyList<SqlChange> Changes { get; init; }

    /// <summary>Sizes that are not known before the statement runs, and have to be bounded then.</summary>
    internal IReadOnlyList<SqlBound> Bounds { get; init; } = [];

    /// <summary>What the statement does to data, in one value.</summary>
    internal required SqlUse Uses { get; init; }

    /// <summary>Whether every UPDATE and DELETE in it has a WHERE that looks at a column.</summary>
    internal required bool HasWhere { get; init; }

    /// <summary>Whether the outermost query has its own LIMIT or FETCH.</summary>
    internal required bool HasLimit { get; init; }

    /// <summary>Whether rows are locked (FOR UPDATE and its kin).</summary>
    internal required bool Locks { get; init; }

    /// <summary>Whether a star stands for columns of a table: its meaning changes with the schema.</summary>
    internal required bool HasStar { get; init; }

    /// <summary>Whether a RETURNING clause, or being a query, makes it return rows.</summary>
    internal required bool ReturnsRows { get; init; }

    /// <summary>How many columns the result has, or -1 when the snapshot does not tell.</summary>
    internal required int ResultColumns { get; init; }

    /// <summary>Names of result columns that a star stands for: when one is missing in the result, the schema has changed.</summary>
    internal required IReadOnlyList<string> StarColumns { get; init; }

    /// <summary>Where the statement ends: behind its last token, before a trailing semicolon or comment.</summary>
    internal required int End { get; init; }

    /// <summary>Whether a test left out the inspector: nothing of this is true of the text.</summary>
    internal bool IsUninspected { get; init; }

    internal bool ChangesData => (Uses & SqlUse.Change) != 0;
}
