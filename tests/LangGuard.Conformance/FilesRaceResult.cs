namespace LangGuard.Conformance;

/// <summary>What a race came to.</summary>
/// <param name="Operations">How many operations were tried.</param>
/// <param name="Succeeded">How many completed.</param>
/// <param name="Exchanges">How often the attacker exchanged a name.</param>
/// <param name="Escapes">What reached outside; empty when nothing did.</param>
public sealed record FilesRaceResult(int Operations, long Succeeded, long Exchanges, IReadOnlyList<string> Escapes);
