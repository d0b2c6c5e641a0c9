using System.Security.Cryptography;

namespace LangGuard;

/// <summary>Keeps the session of each conversation between requests. Bounded: what is forgotten comes back untrusted,
/// and what does not fit is denied.</summary>
internal sealed class ConversationStore : IDisposable
{
    internal static readonly Reason Foreign =
        new("session.foreign-conversation", "The conversation belongs to somebody else.");

    internal static readonly Reason Full =
        new("session.capacity", "Too many conversations are open.", Retry.Later);

    private readonly Lock _lock = new();
    private readonly ConversationStoreOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly Dictionary<(string Agent, string Conversation), LinkedListNode<Conversation>> _byId = [];
    private readonly Dictionary<(string Agent, string? Tenant, string Id), Owner> _owners = [];
    private readonly LinkedList<Conversation> _byUse = new();
    private bool _disposed;

    internal ConversationStore(ConversationStoreOptions options, TimeProvider timeProvider)
    {
        _options = options;
        _timeProvider = timeProvider;
    }

    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _byId.Count;
            }
        }
    }

    /// <summary>Starts a conversation whose id the host made up just now: nothing untrusted can be in it.</summary>
    internal string Start(PolicySource source, Principal principal)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        lock (_lock)
        {
            Add(source, principal, id, startsUntrusted: false);
        }

        return id;
    }

    /// <summary>The session of a conversation for one turn. An unknown conversation starts untrusted, because its
    /// history is not known.</summary>
    internal GuardSession Lease(PolicySource source, Principal principal, string conversationId)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var key = (source.Current.Name, conversationId);
            if (_byId.TryGetValue(key, out var node))
            {
                // Invariant: the id of a conversation is no key to it; only its owner gets in.
                if (!node.Value.Session.Principal.IsSameAs(principal))
                {
                    throw new AccessDeniedException(Decision.Deny(Foreign), (string?)null);
                }

                if (node.Value.Session.HasEnded || IsIdle(node.Value) || !HasSameClaims(node.Value.Session.Principal, principal))
                {
                    Remove(node);
                    node = null;
                }
            }

            node ??= Add(source, principal, conversationId, startsUntrusted: true);
            return Open(node);
        }
    }

    /// <summary>Ends a conversation of the principal and forgets it.</summary>
    internal bool End(string agent, Principal principal, string conversationId)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue((agent, conversationId), out var node)
                || !node.Value.Session.Principal.IsSameAs(principal))
            {
                return false;
            }

            Remove(node);
            return true;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            while (_byUse.First is { } node)
            {
                Remove(node);
            }
        }
    }

    private static bool HasSameClaims(Principal mine, Principal other) =>
        mine.Claims.Count == other.Claims.Count
        && mine.Claims.All(claim => other.Claims.TryGetValue(claim.Key, out var value)
            && string.Equals(value, claim.Value, StringComparison.Ordinal));

    private bool IsIdle(Conversation conversation) =>
        conversation.Leases == 0 && _timeProvider.GetElapsedTime(conversation.LastUsed) >= _options.IdleTimeout;

    private GuardSession Open(LinkedListNode<Conversation> node)
    {
        var conversation = node.Value;
        conversation.Leases++;
        conversation.LastUsed = _timeProvider.GetTimestamp();
        _byUse.Remove(node);
        _byUse.AddFirst(node);
        var lease = conversation.Session.CreateLease();
        lease.Resource("lease", _ => new LeaseEnd(this, conversation));
        return lease;
    }

    private LinkedListNode<Conversation> Add(
        PolicySource source, Principal principal, string conversationId, bool startsUntrusted)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var agent = source.Current.Name;
        var ownerKey = (agent, principal.Tenant, principal.Id);
        RemoveIdle();
        if (_owners.TryGetValue(ownerKey, out var owner) && owner.Conversations >= _options.PerPrincipal)
        {
            RemoveLeastUsed(conversation =>
                conversation.Session.Agent == agent && conversation.Session.Principal.IsSameAs(principal));
        }

        if (_byId.Count >= _options.Capacity)
        {
            RemoveLeastUsed(_ => true);
        }

        if (!_owners.TryGetValue(ownerKey, out owner))
        {
            _owners.Add(ownerKey, owner = new Owner());
        }

#pragma warning disable CA2000 // The conversation owns it and disposes it when it is removed.
        var session = GuardSession.Create(source, principal, new GuardSessionOptions
        {
            ConversationId = conversationId,
            Lifetime = _options.Lifetime,
            StartsUntrusted = startsUntrusted,
            OfPrincipal = owner.State,
        });
#pragma warning restore CA2000
        owner.Conversations++;
        var node = _byUse.AddFirst(new Conversation(session, conversationId) { LastUsed = _timeProvider.GetTimestamp() });
        _byId.Add((agent, conversationId), node);
        return node;
    }

    private void RemoveIdle()
    {
        while (_byUse.Last is { } last && IsIdle(last.Value))
        {
            Remove(last);
        }
    }

    private void RemoveLeastUsed(Predicate<Conversation> eligible)
    {
        for (var node = _byUse.Last; node is not null; node = node.Previous)
        {
            // A conversation in the middle of a turn is never taken away from under it.
            if (node.Value.Leases == 0 && eligible(node.Value))
            {
                Remove(node);
                return;
            }
        }

        throw new AccessDeniedException(Decision.Deny(Full), (string?)null);
    }

    private void Remove(LinkedListNode<Conversation> node)
    {
        var session = node.Value.Session;
        _byUse.Remove(node);
        _byId.Remove((session.Agent, node.Value.Id));
        var ownerKey = (session.Agent, session.Principal.Tenant, session.Principal.Id);
        if (_owners.TryGetValue(ownerKey, out var owner))
        {
            owner.Conversations--;
            owner.LastUsed = _timeProvider.GetTimestamp();
        }

        session.Dispose();
        ForgetOwners();
    }

    /// <summary>Principals without a conversation keep their counters for a lifetime, so that ending a conversation
    /// resets no quota; beyond the bound the oldest go first.</summary>
    private void ForgetOwners()
    {
        if (_owners.Count <= _options.Capacity)
        {
            return;
        }

        var oldest = _owners.Where(owner => owner.Value.Conversations == 0)
            .OrderBy(owner => owner.Value.LastUsed).Take(_owners.Count / 8).Select(owner => owner.Key).ToList();
        oldest.ForEach(key => _owners.Remove(key));
    }

    private void Close(Conversation conversation)
    {
        lock (_lock)
        {
            conversation.Leases--;
            conversation.LastUsed = _timeProvider.GetTimestamp();
        }
    }

    private sealed class Conversation(GuardSession session, string id)
    {
        internal GuardSession Session => session;

        internal string Id => id;

        internal int Leases { get; set; }

        internal long LastUsed { get; set; }
    }

    private sealed class Owner
    {
        internal LayerState State { get; } = new();

        internal int Conversations { get; set; }

        internal long LastUsed { get; set; }
    }

    private sealed class LeaseEnd(ConversationStore store, Conversation conversation) : IDisposable
    {
        private int _closed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _closed, 1) == 0)
            {
                store.Close(conversation);
            }
        }
    }
}
