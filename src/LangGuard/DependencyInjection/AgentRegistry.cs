using LangGuard.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LangGuard.DependencyInjection;

/// <summary>What <c>AddLangGuard</c> was told. Each agent has one owner.</summary>
internal sealed class AgentRegistry(IServiceCollection services)
{
    private static readonly Type[] Owned =
    [
        typeof(GuardSession), typeof(Policy), typeof(PolicySource), typeof(IGuardSessionFactory), typeof(GuardSessionScope),
        typeof(ConversationStore), typeof(AgentPolicies), typeof(AgentRegistry),
    ];

    private readonly List<AgentRegistration> _inCode = [];
    private readonly List<(IConfiguration Configuration, Action<string, PolicyBuilder>? More)> _sections = [];
    private readonly HashSet<ServiceDescriptor> _mine = [];

    internal void Add(AgentRegistration registration)
    {
        if (_inCode.Any(other => IsSameName(other.Name, registration.Name)))
        {
            throw new InvalidOperationException(
                $"Agent '{registration.Name}' is registered already. An agent has one owner, so that a second registration "
                + "can not widen it. Put all its permissions into one AddLangGuard call, or choose another name.");
        }

        _inCode.Add(registration);
    }

    internal void Add(IConfiguration configuration, Action<string, PolicyBuilder>? more) =>
        _sections.Add((configuration, more));

    /// <summary>Adds a service of ours and remembers it, so that one that takes its place is noticed.</summary>
    internal void Add(ServiceDescriptor descriptor)
    {
        _mine.Add(descriptor);
        services.Add(descriptor);
    }

    internal bool Has(Type serviceType, bool keyed) =>
        _mine.Any(descriptor => descriptor.ServiceType == serviceType && descriptor.IsKeyedService == keyed);

    /// <summary>Every agent, those of configuration sections included, and what is wrong with the registrations.</summary>
    internal List<AgentRegistration> Resolve(PolicyErrors errors)
    {
        var agents = new List<AgentRegistration>(_inCode);
        foreach (var (configuration, more) in _sections)
        {
            AddSection(agents, configuration, more, errors);
        }

        foreach (var descriptor in services.Where(service => Owned.Contains(service.ServiceType) && !_mine.Contains(service)))
        {
            errors.Add(descriptor.ServiceType.Name, null, "Another registration takes the place of LangGuard's own.",
                "Remove it; AddLangGuard is the only registration.");
        }

        return agents;
    }

    private static bool IsSameName(string one, string other) =>
        string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static void AddSection(
        List<AgentRegistration> agents, IConfiguration configuration, Action<string, PolicyBuilder>? more,
        PolicyErrors errors)
    {
        var section = configuration as IConfigurationSection ?? configuration.GetSection(ConfigurationKeys.Root);
        if (!string.IsNullOrEmpty(section.Value))
        {
            errors.Add(section.Path, section.Value, "A section is expected, not one value.", "Use { \"Default\": { } }.");
        }

        var found = 0;
        foreach (var child in section.GetChildren())
        {
            if (IsSameName(child.Key, ConfigurationKeys.Default))
            {
                found++;
                Register(agents, PolicyBuilder.DefaultName, child, more, errors);
            }
            else if (!IsSameName(child.Key, ConfigurationKeys.Agents))
            {
                errors.Add(child.Path, child.Value, "The key is unknown.",
                    $"Known keys: {ConfigurationKeys.Default}, {ConfigurationKeys.Agents}.");
            }
            else if (!string.IsNullOrEmpty(child.Value))
            {
                errors.Add(child.Path, child.Value, "A section is expected, not one value.", "Use { \"name\": { } }.");
            }
            else
            {
                foreach (var agent in child.GetChildren())
                {
                    found++;
                    Register(agents, agent.Key, agent, more, errors);
                }
            }
        }

        if (found == 0)
        {
            errors.Add(section.Path, null, "The section is missing or names no agent.",
                $"Add {section.Path}:{ConfigurationKeys.Default} or {section.Path}:{ConfigurationKeys.Agents}:name.");
        }
    }

    private static void Register(
        List<AgentRegistration> agents, string name, IConfigurationSection section, Action<string, PolicyBuilder>? more,
        PolicyErrors errors)
    {
        if (agents.Exists(other => IsSameName(other.Name, name)))
        {
            errors.Add(section.Path, null, $"Agent '{name}' is registered twice.", "Keep one owner for each agent.");
            return;
        }

        agents.Add(new AgentRegistration(
            name,
            (builder, _) =>
            {
                builder.FromConfiguration(section);
                more?.Invoke(name, builder);
            },
            section.Path));
    }
}
