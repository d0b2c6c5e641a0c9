using LangGuard.Findings;
using LangGuard.Misuse;

namespace LangGuard;

/// <content>Reviews policies.</content>
public static partial class PolicyExtensions
{
    /// <summary>What is valid in the policy and yet too wide, without effect, or dangerous together.</summary>
    public static PolicyFindings Findings(this Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return Review(policy.Name, policy.Options, policy.Dependencies);
    }

    /// <summary>Refuses to build the policy while it has findings of severity warning or error.</summary>
    public static PolicyBuilder Strict(this PolicyBuilder policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        policy.IsStrict = true;
        return policy;
    }

    internal static PolicyFindings Review(string agent, PolicyOptions options, PolicyDependencies dependencies) => new(
        agent,
        [
            .. FileFindings.Of(options),
            .. HttpFindings.Of(options.LimitPermissions),
            .. DatabaseFindings.Of(options, dependencies.Get<IApprover>() is not null),
            .. FunctionFindings.Of(options),
            .. AgentFindings.Of(options, dependencies.Get<IApprover>() is not null, dependencies.AuditSinks.Length > 0),
        ]);
}
