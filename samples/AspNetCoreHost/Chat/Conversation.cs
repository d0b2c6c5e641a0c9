using LangGuard;
using Microsoft.Extensions.AI;

namespace AspNetCoreHost.Chat;

/// <summary>One conversation of one user: its owner and what was said. The guard session of it is LangGuard's.</summary>
internal sealed class Conversation(string id, Principal owner)
{
    internal string Id => id;

    internal Principal Owner => owner;

    /// <summary>What was said. The server's own copy: a client never supplies history.</summary>
    internal List<ChatMessage> Messages { get; } = [];

    /// <summary>One turn at a time.</summary>
    internal SemaphoreSlim Turn { get; } = new(1, 1);
}
