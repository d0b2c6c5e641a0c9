namespace LangGuard.Sandbox;

/// <summary>What a sandbox lets out.</summary>
internal enum SandboxNetwork
{
    /// <summary>Nothing: no rule grants a request, and no database is a server.</summary>
    None,

    /// <summary>Only to what joins the same network: the egress proxy and the database servers.</summary>
    Internal,

    /// <summary>To everywhere, since requests go out without a proxy.</summary>
    Open,
}
