namespace LangGuard.Testing;

/// <summary>Assertions about decisions, for any test framework.</summary>
public static class GuardAssert
{
    /// <summary>Expects that an action is denied by a rule, and returns the denial.</summary>
    /// <param name="rule">The rule id, such as <c>files.outside-root</c>.</param>
    /// <param name="act">What the agent would do.</param>
    /// <exception cref="GuardAssertionException">It was allowed, denied by another rule, or failed otherwise.</exception>
    public static IAccessDenied Denied(string rule, Action act)
    {
        ArgumentNullException.ThrowIfNull(act);
        try
        {
            act();
        }
        catch (Exception exception)
        {
            return Check(rule, exception);
        }

        throw Allowed(rule);
    }

    /// <summary>Expects that an asynchronous action is denied by a rule, and returns the denial.</summary>
    /// <param name="rule">The rule id, such as <c>http.endpoint</c>.</param>
    /// <param name="act">What the agent would do.</param>
    /// <exception cref="GuardAssertionException">It was allowed, denied by another rule, or failed otherwise.</exception>
    public static async Task<IAccessDenied> DeniedAsync(string rule, Func<Task> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        try
        {
            await act().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            return Check(rule, exception);
        }

        throw Allowed(rule);
    }

    /// <summary>Expects that a policy denies an operation by a rule. Nothing is executed.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="rule">The rule id.</param>
    /// <exception cref="GuardAssertionException">It is allowed, or denied by another rule.</exception>
    public static void Denies(Policy policy, Operation operation, string rule)
    {
        var decision = Decide(policy, operation);
        if (decision.IsAllowed)
        {
            throw Allowed(rule);
        }

        if (decision.Reason?.Rule != rule)
        {
            throw new GuardAssertionException($"Expected a denial by '{rule}', but '{decision.Reason}' denied {operation}.");
        }
    }

    /// <summary>Expects that a policy allows an operation. Nothing is executed.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="operation">The operation.</param>
    /// <exception cref="GuardAssertionException">It is denied; the message says by what, and what would allow it.</exception>
    public static void Allows(Policy policy, Operation operation)
    {
        var decision = Decide(policy, operation);
        if (!decision.IsAllowed)
        {
            throw new GuardAssertionException(
                $"Expected that {operation} is allowed, but '{decision.Reason}' denied it. {decision.Reason?.Setting}".TrimEnd());
        }
    }

    private static Decision Decide(Policy policy, Operation operation)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(operation);
        using var session = GuardSession.Create(policy, operation.Principal);
        return policy.Decide(operation, session);
    }

    private static IAccessDenied Check(string rule, Exception exception)
    {
        // A driver or a library may have wrapped the denial.
        for (var at = exception; at is not null; at = at.InnerException)
        {
            if (at is IAccessDenied denied)
            {
                return denied.Decision.Reason?.Rule == rule
                    ? denied
                    : throw new GuardAssertionException($"Expected a denial by '{rule}', but it was '{denied.Decision.Reason}'.", exception);
            }
        }

        throw new GuardAssertionException($"Expected a denial by '{rule}', but it failed with {exception.GetType().Name}: {exception.Message}", exception);
    }

    private static GuardAssertionException Allowed(string rule) => new($"Expected a denial by '{rule}', but it was allowed.");
}
