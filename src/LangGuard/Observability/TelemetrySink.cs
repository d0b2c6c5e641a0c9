using System.Diagnostics;
using System.Diagnostics.Metrics;
using LangGuard.Auditing;

namespace LangGuard.Observability;

/// <summary>Says what was decided and done as spans and metrics. A copy, never the record of truth: it holds no resource,
/// argument or content, and its failure denies nothing.</summary>
internal sealed class TelemetrySink : IAuditSink
{
    private static readonly ActivitySource Source = new(TelemetryNames.Source);
    private static readonly Meter Meter = new(TelemetryNames.Source);
    private static readonly Counter<long> Decisions = Meter.CreateCounter<long>(TelemetryNames.Decisions, "{decision}");
    private static readonly Counter<long> Outcomes = Meter.CreateCounter<long>(TelemetryNames.Outcomes, "{outcome}");
    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>(TelemetryNames.Bytes, "By");
    private static readonly Counter<long> Rows = Meter.CreateCounter<long>(TelemetryNames.Rows, "{row}");

    private TelemetrySink()
    {
    }

    internal static TelemetrySink Instance { get; } = new();

    public void Write(in AuditRecord record)
    {
        try
        {
            if (record.Phase == AuditPhase.Outcome)
            {
                Measure(record);
            }
            else
            {
                Count(record);
                Trace(record);
            }
        }
        catch (Exception)
        {
            // A listener of the host failed. The audit does not depend on it.
        }
    }

    private static void Count(in AuditRecord record)
    {
        if (Decisions.Enabled)
        {
            Decisions.Add(1, new TagList
            {
                { TelemetryNames.Agent, record.Session?.Agent },
                { TelemetryNames.Surface, record.Operation.Surface.ToString() },
                { TelemetryNames.Decision, record.Decision.Kind.ToString() },
                { TelemetryNames.Rule, record.Decision.Reason?.Rule },
            });
        }
    }

    private static void Measure(in AuditRecord record)
    {
        if (Outcomes.Enabled)
        {
            Outcomes.Add(1, new TagList
            {
                { TelemetryNames.Surface, record.Operation.Surface.ToString() },
                { TelemetryNames.Status, record.Outcome.Status.ToString() },
                { TelemetryNames.Rule, record.Outcome.StoppedBy?.Rule },
            });
        }

        if (Bytes.Enabled)
        {
            Bytes.Add(record.Outcome.BytesIn, new KeyValuePair<string, object?>(TelemetryNames.Direction, "in"));
            Bytes.Add(record.Outcome.BytesOut, new KeyValuePair<string, object?>(TelemetryNames.Direction, "out"));
        }

        if (Rows.Enabled)
        {
            Rows.Add(record.Outcome.Rows);
        }
    }

    /// <summary>Adds to the span of the tool call where there is one; else makes a span of its own.</summary>
    private static void Trace(in AuditRecord record)
    {
        if (Activity.Current is { IsAllDataRequested: true } current && IsToolCall(current))
        {
            Tag(current, record);
            return;
        }

        using var own = Source.StartActivity(TelemetryNames.DecisionSpan);
        if (own is { IsAllDataRequested: true })
        {
            own.SetTag(TelemetryNames.Operation, TelemetryNames.ExecuteTool);
            Tag(own, record);
        }
    }

    private static bool IsToolCall(Activity activity) =>
        activity.GetTagItem(TelemetryNames.Operation) is TelemetryNames.ExecuteTool
        || activity.OperationName.StartsWith(TelemetryNames.ExecuteTool, StringComparison.Ordinal);

    private static void Tag(Activity activity, in AuditRecord record)
    {
        if (record.Operation is FunctionOperation function && activity.GetTagItem(TelemetryNames.Tool) is null)
        {
            activity.SetTag(TelemetryNames.Tool, LogText.Of(function.Function));
        }

        activity.SetTag(TelemetryNames.Agent, record.Session?.Agent);
        activity.SetTag(TelemetryNames.Session, record.Session?.Id);
        activity.SetTag(TelemetryNames.Surface, record.Operation.Surface.ToString());
        activity.SetTag(TelemetryNames.Effects, record.Operation.Effects.ToString());
        activity.SetTag(TelemetryNames.Decision, record.Decision.Kind.ToString());
        activity.SetTag(TelemetryNames.Rule, record.Decision.Reason?.Rule);
        activity.SetTag(TelemetryNames.Policy, record.Policy?.Hash);
        activity.SetTag(TelemetryNames.Number, record.Sequence);
        activity.SetTag(TelemetryNames.Approval, record.ApprovalId);
        if (record.Decision.Kind == DecisionKind.Deny)
        {
            activity.SetStatus(ActivityStatusCode.Error, record.Decision.Reason?.Rule);
        }
    }
}
