namespace LangGuard.Replay;

/// <summary>Operations that a policy says it allows or denies. Checked when the policy is built.</summary>
public sealed class PolicyExamples
{
    private readonly List<(Operation Operation, bool IsAllowed)> _examples = [];

    /// <summary>Starts without examples.</summary>
    public PolicyExamples()
    {
    }

    /// <summary>The policy allows these, in a fresh session.</summary>
    public PolicyExamples Allows(params Operation[] operations) => Add(operations, isAllowed: true);

    /// <summary>The policy does not allow these in a fresh session: it denies or asks.</summary>
    public PolicyExamples Denies(params Operation[] operations) => Add(operations, isAllowed: false);

    internal void Check(Policy policy, PolicyErrors errors)
    {
        foreach (var (operation, isAllowed) in _examples)
        {
            using var session = GuardSession.Create(policy, operation.Principal);
            var decision = policy.Decide(operation, session);
            if (decision.IsAllowed != isAllowed)
            {
                errors.Add(
                    "Examples", operation.ToString(),
                    isAllowed ? $"The policy should allow it: {decision}." : "The policy should not allow it.",
                    "Correct the permissions or the example.");
            }
        }
    }

    private PolicyExamples Add(Operation[] operations, bool isAllowed)
    {
        ArgumentNullException.ThrowIfNull(operations);
        foreach (var operation in operations)
        {
            ArgumentNullException.ThrowIfNull(operation, nameof(operations));
            _examples.Add((operation, isAllowed));
        }

        return this;
    }
}
