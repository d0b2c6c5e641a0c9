using Microsoft.Extensions.Logging;

namespace LangGuard.AI;

/// <summary>The report of each tool that a model can reach.</summary>
internal static partial class ToolReportMessages
{
    [LoggerMessage(10, LogLevel.Information, "Tool '{Tool}' can be reached by the model: {State}.")]
    internal static partial void ToolReachable(this ILogger logger, string tool, string state);
}
