namespace LangGuard.Data;

/// <summary>The rows that a change has to touch, and no others.</summary>
/// <param name="Count">How many.</param>
/// <param name="Keys">Which, or null when all of them are new.</param>
internal sealed record ExpectedRows(int Count, IReadOnlyList<object?[]>? Keys)
{
    /// <summary>0, or the number for why nothing may be changed.</summary>
    internal int Verdict(in EngineChange change) =>
        change.Affected == Count && (Keys is null || RowKeys.AreSame(change.Keys, Keys)) ? 0 : DatabaseEngineSession.Drift;
}
