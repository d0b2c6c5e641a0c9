using System.Collections.Frozen;
using LangGuard.Auditing;

namespace LangGuard;

/// <summary>The parts of a policy that are objects rather than data: clock, sinks, approver, broker, data sources.</summary>
internal sealed class PolicyDependencies
{
    private readonly FrozenDictionary<Type, object> _services;

    internal PolicyDependencies(IReadOnlyDictionary<Type, object> services, IReadOnlyList<IAuditSink> auditSinks)
    {
        _services = services.ToFrozenDictionary();
        AuditSinks = [.. auditSinks];
        TimeProvider = Get<TimeProvider>() ?? TimeProvider.System;
    }

    internal TimeProvider TimeProvider { get; }

    internal IAuditSink[] AuditSinks { get; }

    internal T? Get<T>()
        where T : class => _services.TryGetValue(typeof(T), out var service) ? (T)service : null;
}
