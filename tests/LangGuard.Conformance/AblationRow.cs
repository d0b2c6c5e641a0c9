using LangGuard.Ablation;
using LangGuard.Testing;

namespace LangGuard.Conformance;

/// <summary>What the attacks on one surface do with one wall off.</summary>
/// <param name="Surface">The surface.</param>
/// <param name="Wall">The wall; null where everything stands.</param>
/// <param name="Results">What became of each attack.</param>
internal sealed record AblationRow(string Surface, Wall? Wall, IReadOnlyDictionary<string, ConformanceResult> Results)
{
    /// <summary>The attacks that take effect.</summary>
    public IReadOnlyList<string> Effects { get; } =
        [.. Results.Where(result => result.Value.Outcome == ConformanceOutcome.Bypass).Select(result => result.Key).Order(StringComparer.Ordinal)];

    /// <summary>How many attacks another wall answers instead, by another rule.</summary>
    public int AnsweredByAnother(AblationRow whole) => Results.Values.Count(result =>
        result.Outcome != ConformanceOutcome.Bypass
        && !string.Equals(Answer(result), Answer(whole.Results[result.Id]), StringComparison.Ordinal));

    /// <summary>Which limit a text that wants everything meets first is the machine's to say: they count as one.</summary>
    private static string? Answer(ConformanceResult result) =>
        result.Rule is "database.cost" or "database.time-limit" or "database.byte-limit" or "database.row-limit" ? "limits" : result.Rule;
}
