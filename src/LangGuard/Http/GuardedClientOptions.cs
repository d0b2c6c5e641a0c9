namespace LangGuard.Http;

/// <summary>Marks a named HTTP client as guarded.</summary>
internal sealed class GuardedClientOptions
{
    public bool IsGuarded { get; set; }

    /// <summary>The agent whose session a typed client takes from its scope.</summary>
    public string Agent { get; set; } = PolicyBuilder.DefaultName;

    /// <summary>A test double in place of the network, or null.</summary>
    public Func<HttpMessageHandler>? UnguardedTransport { get; set; }
}
