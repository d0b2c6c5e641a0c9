using LangGuard.Permissions;

namespace LangGuard;

/// <summary>The policy of one agent over time. A reload swaps the reference; one operation sees one policy.</summary>
/// <remarks>A running session obeys its start policy and the current one, so that a reload can take rights away at
/// once but never add any to a running session.</remarks>
public sealed class PolicySource
{
    private readonly List<WeakReference<Policy>> _replaced = [];
    private volatile Policy _current;
    private volatile bool _frozen;
    private volatile bool _reloadFailed;

    /// <summary>Starts with a policy.</summary>
    public PolicySource(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _current = policy;
    }

    /// <summary>The policy for new sessions.</summary>
    public Policy Current => _current;

    /// <summary>Whether every mutation of every session of this agent is denied.</summary>
    public bool IsFrozen => _frozen || _reloadFailed;

    /// <summary>Whether the last reload failed, so that the policy in force is not the one that the deployer wrote.</summary>
    public bool ReloadFailed => _reloadFailed;

    /// <summary>The functions that are denied because they are not what they were when they were first seen.</summary>
    public IReadOnlyList<FunctionChange> ChangedFunctions => Functions.Changes;

    /// <summary>The functions of the agent as they were first seen.</summary>
    internal FunctionPins Functions { get; } = new();

    /// <summary>Accepts a changed function as it is now.</summary>
    /// <param name="hash">The hash of the new form, from <see cref="ChangedFunctions"/>.</param>
    /// <returns>False when no change has this hash.</returns>
    public bool AcceptFunction(string hash) => Functions.Accept(hash);

    /// <summary>Replaces the policy. New sessions get it; running sessions obey it besides their own. Connections that were
    /// made under an earlier one are closed.</summary>
    public void Replace(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        lock (_replaced)
        {
            if (!ReferenceEquals(policy, _current))
            {
                _replaced.Add(new WeakReference<Policy>(_current));
                _current = policy;
            }

            // Running sessions hold on to policies of before, whose connections were made under what held then.
            _replaced.RemoveAll(static old => !old.TryGetTarget(out _));
            foreach (var reference in _replaced)
            {
                if (reference.TryGetTarget(out var old))
                {
                    old.Dependencies.Drain();
                }
            }
        }
    }

    /// <summary>Denies every mutation of every session of this agent, at once.</summary>
    public void Freeze() => _frozen = true;

    /// <summary>Lifts <see cref="Freeze"/>.</summary>
    public void Unfreeze() => _frozen = false;

    /// <summary>Denies mutations until a reload succeeds. Apart from <see cref="Freeze"/>, which only the host lifts.</summary>
    internal void SetReloadFailed(bool failed) => _reloadFailed = failed;
}
