namespace LangGuard.Replay;

/// <summary>Operations that a policy says it allows or denies. Checked when the policy is built.</summary>
internal sealed class PolicyExamples
{
    private readonly List<(Operation Operation, bool IsAllowed)> _examples = [];

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

    internal void Add(ReadOnlySpan<Operation> operations, bool isAllowed)
    {
        foreach (var operation in operations)
        {
            ArgumentNullException.ThrowIfNull(operation, nameof(operations));
            _examples.Add((operation, isAllowed));
        }
    }
}
