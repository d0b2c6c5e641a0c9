namespace LangGuard.Http;

/// <summary>What an IP address is, as far as egress is concerned.</summary>
internal enum AddressKind : byte
{
    /// <summary>Anything that is in no other kind and not known to be public. First, so that the default denies.</summary>
    Reserved = 0,

    /// <summary>Globally reachable unicast.</summary>
    Public,

    /// <summary>RFC 1918.</summary>
    Private,

    Loopback,

    /// <summary>fc00::/7.</summary>
    UniqueLocal,

    LinkLocal,

    /// <summary>A cloud metadata or host-agent service. No rule opens it.</summary>
    Metadata,

    Multicast,

    Unspecified,
}
