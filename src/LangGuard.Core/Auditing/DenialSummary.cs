namespace LangGuard.Auditing;

/// <summary>Denials after the first that were alike: how many, and the last.</summary>
internal readonly record struct DenialSummary(AuditRecord Last, long Count);
