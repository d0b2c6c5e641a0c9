using LangGuard;
using LangGuard.ModelContextProtocol;
using LangGuard.ModelContextProtocol.Server;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts a server of the Model Context Protocol under a policy.</summary>
public static class LangGuardMcpServerBuilderExtensions
{
    /// <summary>Puts every tool of the server under the policy of an agent: a tool that is not granted is neither listed nor
    /// callable, and each call is decided with its arguments. A request without a principal is denied everything.</summary>
    /// <remarks>Each user's session of the protocol is one conversation. It starts untrusted, since nobody knows here what the
    /// client's model has read.</remarks>
    /// <param name="builder">The builder of the server.</param>
    /// <param name="agent">The name of the agent, from <c>AddLangGuard</c>.</param>
    /// <param name="configure">Says who the user is; without it nobody is, and everything is denied.</param>
    public static IMcpServerBuilder WithLangGuard(
        this IMcpServerBuilder builder, string agent = PolicyBuilder.DefaultName, Action<McpGuardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(agent);
        var options = new McpGuardOptions();
        configure?.Invoke(options);
        builder.Services.AddSingleton<IPostConfigureOptions<McpServerOptions>>(services =>
            new GuardSetup(new RequestSessions(services.GetRequiredService<IGuardSessionFactory>(), agent, options)));
        return builder;
    }
}
