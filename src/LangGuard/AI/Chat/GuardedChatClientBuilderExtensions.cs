using LangGuard;
using LangGuard.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.Extensions.AI;

/// <summary>Guards the tools of a chat client.</summary>
public static class GuardedChatClientBuilderExtensions
{
    /// <summary>Guards every tool that the model can reach, for the session of an agent in the running request. Without one,
    /// every call is denied. Goes before <c>UseFunctionInvocation</c>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="agent">The name of the agent.</param>
    /// <param name="configure">Options; null for the defaults.</param>
    public static ChatClientBuilder UseLangGuard(
        this ChatClientBuilder builder, string agent = PolicyBuilder.DefaultName, Action<ToolGuardOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(agent);
        return Use(builder, () => AmbientSession.For(agent), configure);
    }

    /// <summary>Guards every tool that the model can reach, for one session. Goes before <c>UseFunctionInvocation</c>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="session">The session.</param>
    /// <param name="configure">Options; null for the defaults.</param>
    public static ChatClientBuilder UseLangGuard(
        this ChatClientBuilder builder, GuardSession session, Action<ToolGuardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Use(builder, () => session, configure);
    }

    private static ChatClientBuilder Use(
        ChatClientBuilder builder, Func<GuardSession?> session, Action<ToolGuardOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new ToolGuardOptions();
        configure?.Invoke(options);
        return builder.Use((inner, services) => new GuardedChatClient(
            inner, session, options,
            (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("LangGuard")));
    }
}
