using System.Text;
using System.Text.Json;
using LangGuard.Auditing;
using LangGuard.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace LangGuard.DependencyInjection;

/// <summary>Builds the policy again when its configuration changes, and swaps it only when it is whole. Otherwise the
/// old one stays, changes are frozen, and the failure is logged and audited.</summary>
internal sealed class PolicyReload : IDisposable
{
    private static readonly JsonElement NoArguments = JsonDocument.Parse("{}").RootElement.Clone();
    private static readonly Principal Host = new("host");
    private static readonly Reason Failed =
        new("policy.reload-failed", "The changed policy is not valid, so the old one stays and changes are frozen.");

    private readonly Lock _lock = new();
    private readonly PolicySource _source;
    private readonly AgentRegistration _registration;
    private readonly AgentPolicyFactory _factory;
    private readonly IReadOnlyList<IConfigurationSection> _sections;
    private readonly List<IDisposable> _subscriptions = [];
    private string _content;
    private bool _disposed;

    internal PolicyReload(
        PolicySource source, AgentRegistration registration, AgentPolicyFactory factory,
        IReadOnlyList<IConfigurationSection> sections)
    {
        _source = source;
        _registration = registration;
        _factory = factory;
        _sections = sections;
        _content = Content();
        foreach (var root in sections.Select(ConfigurationRoots.Of).OfType<IConfigurationRoot>().Distinct())
        {
            _subscriptions.Add(ChangeToken.OnChange(root.GetReloadToken, Reload));
            foreach (var file in ConfigurationOrigin.Providers(root).OfType<FileConfigurationProvider>())
            {
                WatchForTornFile(file);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        _subscriptions.ForEach(subscription => subscription.Dispose());
    }

    private void Reload()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            var content = Content();
            if (content == _content && !_source.ReloadFailed)
            {
                return;
            }

            try
            {
                var (policy, _) = _factory.Build(_registration);
                var before = _source.Current;
                _source.Replace(policy);
                _source.SetReloadFailed(false);
                _content = content;
                _factory.Logger.PolicyReloaded(_registration.Name);
                Audit(AuditSinks.Of(before.Dependencies, [policy.Dependencies]), AuditPhase.PolicyReloaded, Decision.Abstain);
            }
            catch (Exception exception)
            {
                Fail(exception);
            }
        }
    }

    /// <summary>A file that can not be parsed empties its provider and raises no change token; its load error does.</summary>
    private void WatchForTornFile(FileConfigurationProvider file)
    {
        var previous = file.Source.OnLoadException;
        file.Source.OnLoadException = context =>
        {
            lock (_lock)
            {
                if (!_disposed)
                {
                    Fail(context.Exception);
                }
            }

            previous?.Invoke(context);
        };
    }

    private void Fail(Exception exception)
    {
        _source.SetReloadFailed(true);
        _factory.Logger.PolicyReloadFailed(_registration.Name, exception.Message);
        Audit(_source.Current.AuditSinks, AuditPhase.PolicyReloadFailed, Decision.Deny(Failed));
    }

    /// <summary>Tells everybody who recorded before, and who records now.</summary>
    private void Audit(IAuditSink[] sinks, AuditPhase phase, Decision decision)
    {
        var policy = _source.Current;
        var operation = new FunctionOperation(Host, Effects.Privilege, $"policy:{_registration.Name}", NoArguments);
        foreach (var sink in sinks)
        {
            try
            {
                sink.Write(new AuditRecord(phase, policy.Dependencies.TimeProvider.GetUtcNow(), 0, null, operation, decision, default) { Policy = policy });
            }
            catch (Exception)
            {
                // The policy is swapped or frozen either way; a sink that fails denies the next operation by itself.
            }
        }
    }

    private string Content()
    {
        var text = new StringBuilder();
        foreach (var section in _sections)
        {
            var origin = ConfigurationOrigin.Of(section);
            text.Append(section.Path).Append('\n').Append(origin.Suppliers.Count).Append('\n');
            foreach (var (key, value) in section.AsEnumerable())
            {
                text.Append(key).Append('=').Append(value?.Length ?? -1).Append(':').Append(value).Append('\n');
            }
        }

        return text.ToString();
    }
}
