using System.Collections.Concurrent;
using System.Collections.Frozen;
using LangGuard.Ablation;
using LangGuard.Auditing;

namespace LangGuard;

/// <summary>The parts of a policy that are objects rather than data: clock, sinks, approver, broker, data sources.</summary>
internal sealed class PolicyDependencies
{
    private readonly FrozenDictionary<Type, object> _services;
    private readonly ConcurrentDictionary<Type, Lazy<object>> _shared = [];

    internal PolicyDependencies(IReadOnlyDictionary<Type, object> services, IReadOnlyList<IAuditSink> auditSinks)
    {
        _services = services.ToFrozenDictionary();
        AuditSinks = [.. auditSinks];
        TimeProvider = Get<TimeProvider>() ?? TimeProvider.System;
        Off = Get<WallsOff>() ?? new WallsOff();
    }

    internal TimeProvider TimeProvider { get; }

    /// <summary>What a test leaves out; nothing in any other policy.</summary>
    internal WallsOff Off { get; }

    internal IAuditSink[] AuditSinks { get; private set; }

    /// <summary>Adds a sink that is opened last, when everything else is valid. Only while the policy is built.</summary>
    internal void Add(IAuditSink sink) => AuditSinks = [.. AuditSinks, sink];

    /// <summary>Leaves out every sink. Only while the policy of a test is built.</summary>
    internal void RemoveAuditSinks() => AuditSinks = [];

    /// <summary>What the guards of every session of the policy share, made on first use.</summary>
    internal T GetOrCreate<T>(Func<PolicyDependencies, T> create)
        where T : class =>
        _shared.TryGetValue(typeof(T), out var made) ? (T)made.Value : Create(create);

    /// <inheritdoc cref="GetOrCreate{T}(Func{PolicyDependencies, T})"/>
    internal T GetOrCreate<T, TArgument>(Func<TArgument, T> create, TArgument argument)
        where T : class =>
        _shared.TryGetValue(typeof(T), out var made) ? (T)made.Value : Create(create, argument);

    /// <summary>Lets go of what the guards keep open for reuse: the policy has been replaced.</summary>
    internal void Drain()
    {
        foreach (var made in _shared.Values)
        {
            if (made.IsValueCreated && made.Value is IDrainable drainable)
            {
                drainable.Drain();
            }
        }
    }

    private T Create<T>(Func<PolicyDependencies, T> create)
        where T : class =>
        (T)_shared.GetOrAdd(typeof(T), _ => new Lazy<object>(() => create(this))).Value;

    // Apart, because what it captures would be allocated on every call.
    private T Create<T, TArgument>(Func<TArgument, T> create, TArgument argument)
        where T : class => Create(_ => create(argument));

    internal T? Get<T>()
        where T : class => _services.TryGetValue(typeof(T), out var service) ? (T)service : null;
}
