using LangGuard.Auditing;
using LangGuard.Configuration;
using LangGuard.Http;
using LangGuard.Misuse;
using LangGuard.Observability;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LangGuard.DependencyInjection;

/// <summary>Builds the policy of a registered agent with the objects that the container holds.</summary>
internal sealed class AgentPolicyFactory(IServiceProvider services)
{
    // Of all agents of the host, and over every reload.
    private readonly UntrustedLabels _labels = new();

    internal ILogger Logger { get; } =
        (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("LangGuard");

    /// <exception cref="PolicyValidationException">The policy has errors; all of them are listed.</exception>
    internal (Policy Policy, IReadOnlyList<IConfigurationSection> Sections) Build(AgentRegistration registration)
    {
        var builder = new PolicyBuilder(registration.Name);
        registration.Configure(builder, services);
        var sections = builder.Collect<ConfigurationSections>().All;
        AddServices(builder);
        try
        {
            return (builder.Build(), sections);
        }
        catch (PolicyValidationException exception) when (registration.Path is { } path)
        {
            throw new PolicyValidationException(
                [.. exception.Errors.Select(error => error with { Path = Prefixed(path, error.Path) })], registration.Name);
        }
    }

    private static string Prefixed(string path, string relative) =>
        relative.StartsWith(path, StringComparison.OrdinalIgnoreCase) ? relative : $"{path}:{relative}";

    private void AddServices(PolicyBuilder builder)
    {
        builder.ProvideDefault(_labels);
        if (services.GetService<TimeProvider>() is { } timeProvider)
        {
            builder.ProvideDefault(timeProvider);
        }

        if (services.GetService<ICredentialBroker>() is { } broker)
        {
            builder.ProvideDefault(broker);
        }
        else if (services.GetService<IConfiguration>() is { } configuration)
        {
            builder.ProvideDefault<ICredentialBroker>(new ConfigurationCredentialBroker(configuration));
        }

        if (services.GetService<IAddressResolver>() is { } resolver)
        {
            builder.ProvideDefault(resolver);
        }

        if (services.GetService<FreezeSwitch>() is { } freezeSwitch)
        {
            builder.ProvideDefault(freezeSwitch);
        }

        if (services.GetService<IApprovalStore>() is { } approvals)
        {
            builder.ProvideDefault(approvals);
        }

        if (services.GetService<IUsageStore>() is { } usage)
        {
            builder.ProvideDefault(usage);
        }

        foreach (var sink in services.GetServices<IAuditSink>())
        {
            builder.AddAuditSink(sink);
        }

        // Copies for people and dashboards; both cost nothing where nobody listens and deny nothing when they fail.
        builder.AddAuditSink(new LoggerSink(Logger));
        builder.AddAuditSink(TelemetrySink.Instance);

        var approvers = services.GetServices<IApprover>().ToList();
        if (approvers.Count == 1)
        {
            builder.ProvideDefault(approvers[0]);
        }
        else if (approvers.Count > 1)
        {
            builder.Errors.Add(nameof(IApprover), null, "More than one approver is registered.",
                "Register one, or name it with RequireApproval(a => a.By(...)).");
        }
    }
}
