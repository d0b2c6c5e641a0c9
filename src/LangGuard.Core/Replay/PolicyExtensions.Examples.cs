using LangGuard.Replay;

namespace LangGuard;

/// <content>Examples that a policy is held to.</content>
public static partial class PolicyExtensions
{
    /// <summary>Says which operations the policy allows, in a fresh session. Building fails when it does not.</summary>
    public static PolicyBuilder MustAllow(this PolicyBuilder policy, params ReadOnlySpan<Operation> operations)
    {
        ArgumentNullException.ThrowIfNull(policy);
        policy.Collect<PolicyExamples>().Add(operations, isAllowed: true);
        return policy;
    }

    /// <summary>Says which operations the policy does not allow in a fresh session: it denies or asks. Building fails when it
    /// allows one.</summary>
    public static PolicyBuilder MustNotAllow(this PolicyBuilder policy, params ReadOnlySpan<Operation> operations)
    {
        ArgumentNullException.ThrowIfNull(policy);
        policy.Collect<PolicyExamples>().Add(operations, isAllowed: false);
        return policy;
    }
}
