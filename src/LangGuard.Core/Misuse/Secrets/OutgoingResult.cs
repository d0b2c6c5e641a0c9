namespace LangGuard.Misuse;

/// <summary>What was found in what leaves with an operation.</summary>
internal sealed record OutgoingResult(OutgoingScan Scan, bool HoldsSecret, bool HoldsCanary);
