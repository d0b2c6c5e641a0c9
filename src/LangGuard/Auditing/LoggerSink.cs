using LangGuard.Observability;
using LangGuard.Redaction;
using Microsoft.Extensions.Logging;

namespace LangGuard.Auditing;

/// <summary>Copies decisions and outcomes to a log, for people. Its failure denies nothing; the record of truth is the
/// audit file.</summary>
internal sealed partial class LoggerSink(ILogger logger) : IAuditSink, IAuditPlace
{
    object IAuditPlace.Place => logger;

    AuditDemands IAuditPlace.Demands => new(AuditMode.UnguardedBestEffort, Effects.None);

    public void Write(in AuditRecord record)
    {
        var level = record switch
        {
            { Phase: AuditPhase.LayerStalled } => LogLevel.Error,
            { Outcome.StoppedBy: not null } => LogLevel.Warning,
            { Phase: AuditPhase.Outcome } or { Decision.Kind: DecisionKind.Allow } => LogLevel.Debug,
            { Decision.Kind: DecisionKind.Ask } => LogLevel.Information,
            _ => LogLevel.Warning,
        };
        try
        {
            if (logger.IsEnabled(level))
            {
                Log(record, level);
            }
        }
        catch (Exception)
        {
            // A log that fails says nothing about the operation.
        }
    }

    private void Log(in AuditRecord record, LogLevel level)
    {
        var session = record.Session?.Id ?? string.Empty;
        if (record.Outcome.StoppedBy is { } reason)
        {
            Stopped(logger, level, record.Sequence, session, reason.Rule);
            return;
        }

        if (record.Phase == AuditPhase.Outcome)
        {
            Ended(logger, level, record.Sequence, session, record.Outcome.Status, record.Outcome.BytesIn, record.Outcome.BytesOut, record.Outcome.Rows);
            return;
        }

        var redaction = record.Policy is { } policy ? TextRedaction.Of(policy) : null;
        var resource = LogText.Of(record.Operation.Resource, redaction);
        if (record.Phase == AuditPhase.LayerStalled)
        {
            Stalled(logger, level, session, record.Operation.Surface, resource);
            return;
        }

        Decided(
            logger, level, record.Decision.Kind, record.Sequence, session, record.Operation.Surface,
            record.Operation.Effects, resource, record.Decision.Reason?.Rule ?? "none");
    }

    [LoggerMessage(EventId = 100, Message = "{Decision}: operation {Number} of session {Session}, {Surface} {Effects} '{Resource}', rule {Rule}.")]
    private static partial void Decided(
        ILogger logger, LogLevel level, DecisionKind decision, long number, string session, Surface surface, Effects effects, string resource, string rule);

    [LoggerMessage(EventId = 103, Message = "Operation {Number} of session {Session} was stopped by rule {Rule}.")]
    private static partial void Stopped(ILogger logger, LogLevel level, long number, string session, string rule);

    [LoggerMessage(EventId = 101, Message = "Operation {Number} of session {Session} ended: {Status}, {BytesIn} bytes in, {BytesOut} bytes out, {Rows} rows.")]
    private static partial void Ended(
        ILogger logger, LogLevel level, long number, string session, OutcomeStatus status, long bytesIn, long bytesOut, long rows);

    [LoggerMessage(EventId = 102, Message = "A layer does not answer. Session {Session} waits with {Surface} '{Resource}'; it has not run.")]
    private static partial void Stalled(ILogger logger, LogLevel level, string session, Surface surface, string resource);
}
