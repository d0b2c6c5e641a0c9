namespace LangGuard;

/// <summary>Starts sessions of registered agents. A singleton; the explicit way where no request boundary stands.</summary>
public interface IGuardSessionFactory
{
    /// <summary>Starts a session of its own. The caller disposes it.</summary>
    /// <param name="principal">On whose behalf.</param>
    /// <param name="agent">The name of the agent.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="PolicyValidationException">The policy of the agent has errors.</exception>
    GuardSession Create(
        Principal principal, string agent = PolicyBuilder.DefaultName, GuardSessionOptions? options = null);

    /// <summary>Starts a conversation and returns its id, for <see cref="Resume"/>.</summary>
    /// <param name="principal">On whose behalf.</param>
    /// <param name="agent">The name of the agent.</param>
    string StartConversation(Principal principal, string agent = PolicyBuilder.DefaultName);

    /// <summary>The session of a conversation for one turn; quotas, labels and approvals go on. The caller disposes it
    /// when the turn ends. An unknown conversation starts untrusted, because its history is not known.</summary>
    /// <param name="principal">On whose behalf; must own the conversation.</param>
    /// <param name="conversationId">The id.</param>
    /// <param name="agent">The name of the agent.</param>
    /// <exception cref="AccessDeniedException">The conversation belongs to another principal, or too many are open.</exception>
    GuardSession Resume(Principal principal, string conversationId, string agent = PolicyBuilder.DefaultName);

    /// <summary>Ends a conversation and everything that still runs in it.</summary>
    /// <param name="principal">Its owner.</param>
    /// <param name="conversationId">The id.</param>
    /// <param name="agent">The name of the agent.</param>
    /// <returns>False when the principal has no such conversation.</returns>
    bool EndConversation(Principal principal, string conversationId, string agent = PolicyBuilder.DefaultName);
}
