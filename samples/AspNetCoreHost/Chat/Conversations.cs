using System.Collections.Concurrent;
using LangGuard;

namespace AspNetCoreHost.Chat;

/// <summary>The open conversations.</summary>
internal sealed class Conversations(IGuardSessionFactory sessions)
{
    private readonly ConcurrentDictionary<string, Conversation> _all = new(StringComparer.Ordinal);

    internal Conversation Start(Principal owner)
    {
        var conversation = new Conversation(sessions.StartConversation(owner, owner.Tenant!), owner);
        _all[conversation.Id] = conversation;
        return conversation;
    }

    /// <summary>The conversation if it is the user's own; for anybody else there is none.</summary>
    internal Conversation? Find(string id, Principal user) =>
        _all.TryGetValue(id, out var conversation) && conversation.Owner.IsSameAs(user) ? conversation : null;

    internal IEnumerable<Conversation> OfTenant(string? tenant) =>
        _all.Values.Where(conversation => tenant is not null && string.Equals(conversation.Owner.Tenant, tenant, StringComparison.Ordinal));
}
