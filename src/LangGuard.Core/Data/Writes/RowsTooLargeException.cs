namespace LangGuard.Data;

/// <summary>Rows that were to be kept or shown are too large. Never leaves the library.</summary>
internal sealed class RowsTooLargeException : Exception;
