namespace LangGuard.Auditing;

/// <summary>A record could not be written, so what it records does not happen.</summary>
internal sealed class AuditUnavailableException(string message, Exception? inner = null) : IOException(message, inner);
