namespace LangGuard.DependencyInjection;

/// <summary>The one owner of an agent.</summary>
/// <param name="Name">The name of the agent.</param>
/// <param name="Configure">Fills the policy; runs again at each reload.</param>
/// <param name="Path">Where the policy comes from, when that is configuration; prefixes errors.</param>
internal sealed record AgentRegistration(
    string Name, Action<PolicyBuilder, IServiceProvider> Configure, string? Path = null);
