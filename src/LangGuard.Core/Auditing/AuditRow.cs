namespace LangGuard.Auditing;

/// <summary>One record in a table.</summary>
/// <param name="Number">Its number; the first is 0.</param>
/// <param name="Hash">The hash that chains it to all before it.</param>
/// <param name="Record">Its text.</param>
internal readonly record struct AuditRow(long Number, byte[] Hash, byte[] Record);
