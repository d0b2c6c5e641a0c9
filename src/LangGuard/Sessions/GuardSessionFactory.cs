using LangGuard.DependencyInjection;

namespace LangGuard;

/// <summary>Sessions of registered agents; conversations live in one bounded store.</summary>
internal sealed class GuardSessionFactory(AgentPolicies policies, ConversationStore store) : IGuardSessionFactory
{
    public GuardSession Create(Principal principal, string agent, GuardSessionOptions? options) =>
        GuardSession.Create(policies.Source(agent), principal, options);

    public string StartConversation(Principal principal, string agent)
    {
        ArgumentNullException.ThrowIfNull(principal);
        return store.Start(policies.Source(agent), principal);
    }

    public GuardSession Resume(Principal principal, string conversationId, string agent)
    {
        ArgumentNullException.ThrowIfNull(principal);
        ArgumentException.ThrowIfNullOrWhiteSpace(conversationId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(conversationId.Length, 256);
        return store.Lease(policies.Source(agent), principal, conversationId);
    }

    public bool EndConversation(Principal principal, string conversationId, string agent)
    {
        ArgumentNullException.ThrowIfNull(principal);
        ArgumentNullException.ThrowIfNull(conversationId);
        ArgumentNullException.ThrowIfNull(agent);
        return store.End(agent, principal, conversationId);
    }
}
