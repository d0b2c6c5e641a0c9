using LangGuard.Misuse;
using LangGuard;
using LangGuard.DependencyInjection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers agents and their policies.</summary>
/// <remarks>
/// Each agent gets, keyed by its name: <see cref="PolicySource"/> and <see cref="Policy"/> as singletons and
/// <see cref="GuardSession"/> in each scope; the unnamed agent also without a key. <see cref="IGuardSessionFactory"/> starts
/// sessions explicitly. Policies are validated at host start, or at the first session where there is no host. An agent
/// has one owner: a second registration of its name is an error.
/// </remarks>
public static class LangGuardServiceCollectionExtensions
{
    /// <summary>Registers the unnamed agent.</summary>
    /// <param name="services">The services.</param>
    /// <param name="guard">Says what the agent may do. Nothing said means everything denied.</param>
    public static IServiceCollection AddLangGuard(this IServiceCollection services, Action<PolicyBuilder> guard) =>
        services.AddLangGuard(PolicyBuilder.DefaultName, guard);

    /// <summary>Registers a named agent.</summary>
    /// <param name="services">The services.</param>
    /// <param name="agent">The name of the agent.</param>
    /// <param name="guard">Says what the agent may do. Nothing said means everything denied.</param>
    /// <exception cref="InvalidOperationException">The agent is registered already.</exception>
    public static IServiceCollection AddLangGuard(
        this IServiceCollection services, string agent, Action<PolicyBuilder> guard)
    {
        ArgumentNullException.ThrowIfNull(guard);
        return services.AddLangGuard(agent, (builder, _) => guard(builder));
    }

    /// <summary>Registers a named agent whose policy uses services, such as an audit sink.</summary>
    /// <param name="services">The services.</param>
    /// <param name="agent">The name of the agent.</param>
    /// <param name="guard">Says what the agent may do. Nothing said means everything denied.</param>
    /// <exception cref="InvalidOperationException">The agent is registered already.</exception>
    public static IServiceCollection AddLangGuard(
        this IServiceCollection services, string agent, Action<PolicyBuilder, IServiceProvider> guard)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(agent);
        ArgumentNullException.ThrowIfNull(guard);
        var registry = Registry(services);
        registry.Add(new AgentRegistration(agent, guard));
        if (agent == PolicyBuilder.DefaultName)
        {
            AddUnkeyed(registry);
        }

        return services;
    }

    /// <summary>Registers every agent of a configuration section: <c>LangGuard:Default</c> for the unnamed one and
    /// <c>LangGuard:Agents:name</c>. The policy is read when it is built and again when the section changes; a change that
    /// is not valid keeps the old policy and freezes changes.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The section <c>LangGuard</c>, or a root that has it.</param>
    /// <param name="more">Adds what is no data, such as sinks and approvers, to the agent of the given name.</param>
    public static IServiceCollection AddLangGuard(
        this IServiceCollection services, IConfiguration configuration, Action<string, PolicyBuilder>? more = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        var registry = Registry(services);
        registry.Add(configuration, more);
        AddUnkeyed(registry);
        return services;
    }

    private static AgentRegistry Registry(IServiceCollection services)
    {
        var existing = services.FirstOrDefault(service => service.ServiceType == typeof(AgentRegistry));
        if (existing?.ImplementationInstance is AgentRegistry registry)
        {
            return registry;
        }

        registry = new AgentRegistry(services);
        registry.Add(ServiceDescriptor.Singleton(registry));
        registry.Add(ServiceDescriptor.Singleton(provider => new RootServices(provider)));
        registry.Add(ServiceDescriptor.Singleton(new FreezeSwitch()));
        registry.Add(ServiceDescriptor.Singleton(provider => new AgentPolicyFactory(provider)));
        registry.Add(ServiceDescriptor.Singleton<AgentPolicies, AgentPolicies>());
        registry.Add(ServiceDescriptor.Singleton(provider => new ConversationStore(
            provider.GetService<ConversationStoreOptions>() ?? new(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System)));
        registry.Add(ServiceDescriptor.Singleton<IGuardSessionFactory, GuardSessionFactory>());
        registry.Add(ServiceDescriptor.Singleton<IHostedService, PolicyValidation>());
        registry.Add(ServiceDescriptor.Scoped(provider =>
        {
            provider.GetRequiredService<RootServices>().ThrowIfRoot(provider);
            return new GuardSessionScope(provider.GetRequiredService<IGuardSessionFactory>());
        }));
        registry.Add(ServiceDescriptor.KeyedSingleton(
            KeyedService.AnyKey, (provider, key) => Source(provider, (string)key!)));
        registry.Add(ServiceDescriptor.KeyedTransient(
            KeyedService.AnyKey, (provider, key) => Source(provider, (string)key!).Current));
        registry.Add(ServiceDescriptor.KeyedScoped(
            KeyedService.AnyKey, (provider, key) => provider.GetRequiredService<GuardSessionScope>().Session((string)key!)));
        return registry;
    }

    private static void AddUnkeyed(AgentRegistry registry)
    {
        if (registry.Has(typeof(GuardSession), keyed: false))
        {
            return;
        }

        registry.Add(ServiceDescriptor.Singleton(provider => Source(provider, PolicyBuilder.DefaultName)));
        registry.Add(ServiceDescriptor.Transient(provider => Source(provider, PolicyBuilder.DefaultName).Current));
        registry.Add(ServiceDescriptor.Scoped(provider =>
            provider.GetRequiredService<GuardSessionScope>().Session(PolicyBuilder.DefaultName)));
    }

    private static PolicySource Source(IServiceProvider services, string agent) =>
        services.GetRequiredService<AgentPolicies>().Source(agent);
}
