using System.Net;

namespace LangGuard.Permissions;

/// <summary>What the clauses of a rule have said so far.</summary>
internal sealed class HttpRuleDraft
{
    public bool IsDeny { get; init; }

    public HostPattern Host { get; set; } = HostPattern.Any;

    public QueryRule? Query { get; set; }

    public HeaderRule? Headers { get; set; }

    public HttpBodyRule? Body { get; set; }

    public string? CredentialBinding { get; set; }

    public HttpLimits Limits { get; set; } = HttpLimits.Default;

    public List<IPNetwork> PrivateNetworks { get; } = [];

    public bool Trusted { get; set; }
}
