namespace LangGuard;

/// <summary>Bounds of the conversations that a host keeps.</summary>
public sealed class ConversationStoreOptions
{
    /// <summary>Conversations kept at most. Default: 10,000. The least used goes first; none in use is ever taken.</summary>
    public int Capacity { get; set; } = 10_000;

    /// <summary>Conversations kept at most for one principal. Default: 100.</summary>
    public int PerPrincipal { get; set; } = 100;

    /// <summary>How long a conversation is kept without use. Default: 1 hour.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a conversation is kept at most. Default: 8 hours.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(8);
}
