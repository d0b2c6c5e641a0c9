using Microsoft.Extensions.Logging;

namespace LangGuard.DependencyInjection;

/// <summary>What LangGuard logs. Audit is separate.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Information, "The policy of agent '{Agent}' was reloaded.")]
    internal static partial void PolicyReloaded(this ILogger logger, string agent);

    [LoggerMessage(2, LogLevel.Error,
        "The changed policy of agent '{Agent}' is not valid. The old one stays in force and changes are frozen. {Errors}")]
    internal static partial void PolicyReloadFailed(this ILogger logger, string agent, string errors);
}
