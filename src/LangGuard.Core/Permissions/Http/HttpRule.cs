using LangGuard.Http;

namespace LangGuard.Permissions;

/// <summary>One compiled endpoint rule.</summary>
internal sealed class HttpRule
{
    /// <summary>The key of the rule in the policy.</summary>
    public required string Name { get; init; }

    /// <summary>The rule as written.</summary>
    public required string Text { get; init; }

    public required bool IsDeny { get; init; }

    public required HttpVerbs Verbs { get; init; }

    public required bool IsHttps { get; init; }

    public required HostPattern Host { get; init; }

    public required int Port { get; init; }

    public required PathTemplate Path { get; init; }

    public required QueryRule Query { get; init; }

    public required HeaderRule Headers { get; init; }

    public required HttpBodyRule? Body { get; init; }

    /// <summary>The name of the credential that the broker attaches, or null.</summary>
    public required string? CredentialBinding { get; init; }

    /// <summary>The credential of that name, once the policy is compiled.</summary>
    public CredentialBinding? Credential { get; set; }

    /// <summary>Every credential of the policy: where one of them goes, the agent sends none of its own.</summary>
    public CredentialBinding[] AllCredentials { get; set; } = [];

    /// <summary>The index that finds the rule.</summary>
    public HttpRuleIndex? Index { get; set; }

    public required HttpGrant Grant { get; init; }

    public int Specificity => Path.Specificity;
}
