using LangGuard.Auditing;
using LangGuard.Observability;
using Microsoft.Extensions.Logging;

namespace LangGuard;

/// <summary>Copies the audit to where people look. Copies are best effort; the record of truth is the audit file or a
/// sink of the host's own.</summary>
public static class AuditCopyExtensions
{
    /// <summary>Copies decisions and outcomes to a log: denials as warnings, questions as information, the rest as
    /// debug.</summary>
    public static AuditBuilder CopyToLog(this AuditBuilder audit, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(audit);
        ArgumentNullException.ThrowIfNull(logger);
        return audit.To(new LoggerSink(logger));
    }

    /// <summary>Copies decisions and outcomes to OpenTelemetry: tags on the span of the tool call, or a span of its own,
    /// and counters. Source and meter are called <c>LangGuard</c>.</summary>
    public static AuditBuilder CopyToTelemetry(this AuditBuilder audit)
    {
        ArgumentNullException.ThrowIfNull(audit);
        return audit.To(TelemetrySink.Instance);
    }
}
