namespace LangGuard;

/// <summary>How a session is started.</summary>
public sealed class GuardSessionOptions
{
    /// <summary>The conversation the session belongs to, or null when it has none. Default: null.</summary>
    public string? ConversationId { get; set; }

    /// <summary>How long the session lives at most; positive. Default: 8 hours.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(8);

    /// <summary>Whether the session starts with untrusted content in it, as one does whose history is not known.
    /// Default: no.</summary>
    public bool StartsUntrusted { get; set; }

    /// <summary>What layers count for the principal over several sessions; set by the store.</summary>
    internal LayerState? OfPrincipal { get; set; }
}
