using Microsoft.Extensions.Hosting;

namespace LangGuard.DependencyInjection;

/// <summary>Validates every policy before the host starts anything else.</summary>
internal sealed class PolicyValidation(AgentPolicies policies) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        policies.Validate();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
