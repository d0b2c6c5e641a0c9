namespace LangGuard.Data;

/// <summary>What a change did.</summary>
/// <param name="Affected">The rows that were changed, or one of the negative numbers of <see cref="DatabaseEngineSession"/>:
/// then nothing was changed.</param>
/// <param name="Rows">The rows of RETURNING, or null when there are none.</param>
internal readonly record struct EngineChange(int Affected, ReturnedRows? Rows = null)
{
    /// <summary>The keys of the rows that were touched, where <see cref="EngineStatement.KeyColumns"/> asks for them.</summary>
    internal IReadOnlyList<object?[]> Keys { get; init; } = [];

    /// <summary>Every table of which rows were changed, the statement's own target among them.</summary>
    internal IReadOnlyList<TableChange> Tables { get; init; } = [];

    /// <summary>The rows; without RETURNING an empty result.</summary>
    internal ReturnedRows ToReader() => Rows ?? ReturnedRows.None();
}
