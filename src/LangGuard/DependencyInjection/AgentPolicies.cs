using LangGuard.Configuration;

namespace LangGuard.DependencyInjection;

/// <summary>The policies of all registered agents: built and validated on first use, or at host start.</summary>
internal sealed class AgentPolicies : IDisposable
{
    private readonly Dictionary<string, Lazy<Agent>> _agents;
    private readonly PolicyErrors _registrationErrors = new();

    public AgentPolicies(AgentRegistry registry, AgentPolicyFactory factory)
    {
        _agents = registry.Resolve(_registrationErrors).ToDictionary(
            registration => registration.Name,
            registration => new Lazy<Agent>(() => new Agent(factory, registration)),
            StringComparer.Ordinal);
    }

    internal IReadOnlyCollection<string> Names => _agents.Keys;

    /// <exception cref="PolicyValidationException">The policy has errors; all of them are listed.</exception>
    internal PolicySource Source(string agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        _registrationErrors.ThrowIfAny(agent);
        return _agents.TryGetValue(agent, out var built)
            ? built.Value.Source
            : throw new InvalidOperationException(
                $"No agent '{agent}' is registered. Registered: {string.Join(", ", _agents.Keys)}. Call AddLangGuard.");
    }

    /// <summary>Builds every policy and reports the errors of all of them at once.</summary>
    internal void Validate()
    {
        var errors = new List<PolicyError>(_registrationErrors.All);
        foreach (var agent in _agents.Values)
        {
            try
            {
                _ = agent.Value;
            }
            catch (PolicyValidationException exception)
            {
                errors.AddRange(exception.Errors);
            }
        }

        if (errors.Count > 0)
        {
            throw new PolicyValidationException(errors, string.Join(", ", _agents.Keys));
        }
    }

    public void Dispose()
    {
        foreach (var agent in _agents.Values.Where(agent => agent.IsValueCreated))
        {
            agent.Value.Dispose();
        }
    }

    private sealed class Agent : IDisposable
    {
        private readonly PolicyReload? _reload;

        internal Agent(AgentPolicyFactory factory, AgentRegistration registration)
        {
            var (policy, sections) = factory.Build(registration);
            Source = new PolicySource(policy);
            if (sections.Count > 0)
            {
                _reload = new PolicyReload(Source, registration, factory, sections);
            }
        }

        internal PolicySource Source { get; }

        public void Dispose() => _reload?.Dispose();
    }
}
