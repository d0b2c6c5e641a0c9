using System.Net;
using LangGuard.Http;

namespace LangGuard.Permissions;

/// <summary>The endpoint rule that allowed a request: its limits, its private networks and its credential.</summary>
internal sealed class HttpGrant : Grant
{
    internal HttpGrant(
        string rule, HttpLimits limits, IReadOnlyList<IPNetwork> privateNetworks, string? credentialBinding, bool trusted)
        : base(Surface.Http, trusted)
    {
        Rule = rule;
        Limits = limits;
        PrivateNetworks = privateNetworks;
        CredentialBinding = credentialBinding;
        Egress = privateNetworks.Count == 0
            ? string.Empty
            : string.Join(',', privateNetworks.Select(network => network.ToString()).Order(StringComparer.Ordinal));
    }

    /// <summary>Most bytes that a response may have on the wire.</summary>
    public long MaxResponseBytes => Limits.MaxResponseBytes;

    /// <summary>Most bytes that a response may have after decompression.</summary>
    public long MaxContentBytes => Limits.MaxContentBytes;

    /// <summary>Most bytes that a request body may have.</summary>
    public long MaxRequestBytes => Limits.MaxRequestBytes;

    /// <summary>The name of the credential that the guard attaches, or null.</summary>
    public string? CredentialBinding { get; }

    /// <summary>The credential of that name. Set once, when the policy is compiled.</summary>
    internal CredentialBinding? Credential { get; set; }

    /// <summary>The name of the rule, or of both rules of an intersection.</summary>
    internal string Rule { get; }

    /// <summary>The rule that granted, or both of an intersection; asked again where the request leaves. Set once, when the
    /// policy is compiled.</summary>
    internal HttpRule[] Rules { get; set; } = [];

    internal HttpLimits Limits { get; }

    /// <summary>Private networks that a rule opens for this request. Never opens metadata services.</summary>
    internal IReadOnlyList<IPNetwork> PrivateNetworks { get; }

    /// <summary>Connections are shared only between requests with the same value.</summary>
    internal string Egress { get; }

    /// <inheritdoc />
    public override Grant Intersect(Grant other)
    {
        if (other is not HttpGrant grant)
        {
            throw new ArgumentException("Not a grant of the HTTP surface.", nameof(other));
        }

        // Two different credentials for one request have no common meaning: none is attached.
        var binding = Credential is { } mine && grant.Credential is { } theirs && mine.IsSameAs(theirs)
            ? CredentialBinding
            : null;
        var rule = string.Equals(Rule, grant.Rule, StringComparison.Ordinal) ? Rule : $"{Rule} & {grant.Rule}";
        return new HttpGrant(
            rule, Limits.Strictest(grant.Limits), CommonNetworks(grant), binding, Trusted && grant.Trusted)
        {
            Credential = binding is null ? null : Credential,
            Rules = [.. Rules.Union(grant.Rules)],
        };
    }

    private List<IPNetwork> CommonNetworks(HttpGrant other)
    {
        var common = new List<IPNetwork>();
        foreach (var mine in PrivateNetworks)
        {
            foreach (var theirs in other.PrivateNetworks)
            {
                if (mine.PrefixLength >= theirs.PrefixLength && theirs.Contains(mine.BaseAddress))
                {
                    common.Add(mine);
                }
                else if (mine.Contains(theirs.BaseAddress))
                {
                    common.Add(theirs);
                }
            }
        }

        return common;
    }
}
