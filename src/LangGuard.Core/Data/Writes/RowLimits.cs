namespace LangGuard.Data;

/// <summary>How much reading rows by their keys may take.</summary>
/// <param name="MaxBytes">Bytes of all of them together.</param>
/// <param name="Timeout">Time of one statement.</param>
internal readonly record struct RowLimits(long MaxBytes, TimeSpan Timeout);
