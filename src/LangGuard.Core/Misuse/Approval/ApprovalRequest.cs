namespace LangGuard.Misuse;

/// <summary>One effect that waits for a person. Bound to session, principal, canonical effect and asking rules.</summary>
public sealed class ApprovalRequest
{
    internal ApprovalRequest(
        string id, string sessionId, Principal principal, Operation operation, IReadOnlyList<Reason> reasons,
        string effectHash, DateTimeOffset expires)
    {
        Id = id;
        SessionId = sessionId;
        Principal = principal;
        Effects = operation.Effects;
        Resource = operation.Resource;
        CanonicalEffect = operation.CanonicalEffect;
        Reasons = reasons;
        EffectHash = effectHash;
        Expires = expires;
    }

    /// <summary>A random id of 128 bits.</summary>
    public string Id { get; }

    /// <summary>The session that asks.</summary>
    public string SessionId { get; }

    /// <summary>On whose behalf.</summary>
    public Principal Principal { get; }

    /// <summary>What it does.</summary>
    public Effects Effects { get; }

    /// <summary>The canonical resource.</summary>
    public string Resource { get; }

    /// <summary>The whole effect in canonical form.</summary>
    public string CanonicalEffect { get; }

    /// <summary>Every rule that asks. An approval removes exactly these.</summary>
    public IReadOnlyList<Reason> Reasons { get; }

    /// <summary>When the request lapses.</summary>
    public DateTimeOffset Expires { get; }

    internal string EffectHash { get; }
}
