namespace LangGuard.Observability;

/// <summary>Every name that LangGuard gives to telemetry. The <c>gen_ai</c> names follow OpenTelemetry's convention for
/// tool calls, which still changes; this is the one place to follow it.</summary>
internal static class TelemetryNames
{
    internal const string Source = "LangGuard";
    internal const string DecisionSpan = "langguard.decision";
    internal const string Operation = "gen_ai.operation.name";
    internal const string ExecuteTool = "execute_tool";
    internal const string Tool = "gen_ai.tool.name";
    internal const string Agent = "gen_ai.agent.name";
    internal const string Decision = "langguard.decision";
    internal const string Rule = "langguard.rule";
    internal const string Surface = "langguard.surface";
    internal const string Effects = "langguard.effects";
    internal const string Policy = "langguard.policy.hash";
    internal const string Session = "langguard.session.id";
    internal const string Number = "langguard.operation";
    internal const string Approval = "langguard.approval.id";
    internal const string Status = "langguard.status";
    internal const string ErrorType = "error.type";
    internal const string Direction = "langguard.direction";
    internal const string Decisions = "langguard.decisions";
    internal const string Outcomes = "langguard.outcomes";
    internal const string Bytes = "langguard.bytes";
    internal const string Rows = "langguard.rows";
}
