namespace LangGuard.Http;

/// <summary>How an agent's requests leave the process.</summary>
internal sealed class EgressOptions
{
    /// <summary>Null for the one of the host, or the system's.</summary>
    public IAddressResolver? Resolver { get; set; }

    public EgressTransport Transport { get; set; } = EgressTransport.System;

    /// <summary>Every request goes through it, or none goes at all.</summary>
    public EgressProxy? Proxy { get; set; }

    /// <summary>Listeners of this process that are doubles of foreign servers.</summary>
    public HashSet<int> UnguardedListeners { get; } = [];
}
