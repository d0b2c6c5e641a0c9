using LangGuard.Replay;

namespace LangGuard;

/// <summary>What a policy tells about itself.</summary>
public static partial class PolicyExtensions
{
    /// <summary>Says which operations the policy allows and which it does not. Building fails when one is wrong.</summary>
    public static PolicyBuilder Examples(this PolicyBuilder policy, Action<PolicyExamples> examples)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(examples);
        examples(policy.Collect<PolicyExamples>());
        return policy;
    }
}
