using LangGuard.Ablation;
using LangGuard.Auditing;
using LangGuard.Http;
using LangGuard.Findings;
using LangGuard.Journaling;
using LangGuard.Misuse;
using LangGuard.Permissions;
using LangGuard.Posture;
using LangGuard.Replay;

namespace LangGuard;

/// <summary>Builds a policy by the three best practices: limit permissions, anticipate misuse, defend in depth.</summary>
/// <remarks>Frozen after <see cref="Build"/>. Nothing said means everything denied.</remarks>
public sealed class PolicyBuilder
{
    /// <summary>The name of the unnamed agent.</summary>
    public const string DefaultName = "default";

    private readonly Dictionary<Type, object> _services = [];
    private readonly List<IAuditSink> _auditSinks = [];
    private readonly List<PermissionLayer> _permissionLayers = [];
    private readonly List<MisuseLayer> _misuseLayers = [];
    private bool _built;

    /// <summary>Starts a policy.</summary>
    /// <param name="name">The name of the agent; not empty.</param>
    public PolicyBuilder(string name = DefaultName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    internal PolicyBuilder(string name, PolicyOptions options)
        : this(name) => Options = options;

    /// <summary>The name of the agent.</summary>
    public string Name { get; }

    internal PolicyOptions Options { get; } = new();

    internal PolicyErrors Errors { get; } = new();

    /// <summary>Whether findings count as errors.</summary>
    internal bool IsStrict { get; set; }

    /// <summary>Says what may be touched. Every call adds to the same set of permissions.</summary>
    public PolicyBuilder LimitPermissions(Action<PermissionsBuilder> allow)
    {
        ArgumentNullException.ThrowIfNull(allow);
        ThrowIfBuilt();
        allow(new PermissionsBuilder(this));
        return this;
    }

    /// <summary>Says what to watch for: quotas, approvals, untrusted content.</summary>
    public PolicyBuilder AnticipateMisuse(Action<MisuseBuilder> misuse)
    {
        ArgumentNullException.ThrowIfNull(misuse);
        ThrowIfBuilt();
        misuse(new MisuseBuilder(this));
        return this;
    }

    /// <summary>Says which further walls stand: audit, journal, redaction.</summary>
    public PolicyBuilder DefendInDepth(Action<DefenseBuilder> defense)
    {
        ArgumentNullException.ThrowIfNull(defense);
        ThrowIfBuilt();
        defense(new DefenseBuilder(this));
        return this;
    }

    /// <summary>Adds a permission layer of the host's own. It widens, as every permission does.</summary>
    public PolicyBuilder AddLayer(PermissionLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ThrowIfBuilt();
        _permissionLayers.Add(layer);
        return this;
    }

    /// <summary>Adds a misuse layer of the host's own. It can only narrow.</summary>
    public PolicyBuilder AddLayer(MisuseLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ThrowIfBuilt();
        _misuseLayers.Add(layer);
        return this;
    }

    /// <summary>Uses a clock. Default: <see cref="TimeProvider.System"/>.</summary>
    public PolicyBuilder UseTimeProvider(TimeProvider timeProvider) => Provide(timeProvider);

    /// <summary>Validates everything and compiles the policy.</summary>
    /// <exception cref="PolicyValidationException">The policy has errors; all of them are listed.</exception>
    /// <exception cref="InvalidOperationException">The builder has been used already.</exception>
    public Policy Build()
    {
        ThrowIfBuilt();
        JournalValidation.Protect(this);
        RequiredProxy.Compile(this);
        AuditTableProviders.Apply(this);
        if (Options.AnticipateMisuse.TrackUntrustedContent.LabelFile is { Length: > 0 } labels)
        {
            Collect<ProtectedPaths>().Add(labels);
        }

        var dependencies = new PolicyDependencies(_services, _auditSinks);
        var watchdog = new LayerWatchdog(dependencies);
        var permissions = PermissionLayers.Compile(Options.LimitPermissions, dependencies, Errors);
        permissions.AddRange(_permissionLayers.Select(layer => new WatchedPermissionLayer(layer, watchdog)));
        var misuse = MisuseLayers.Compile(Options, permissions, dependencies, Errors);
        misuse.AddRange(_misuseLayers.Select(layer => new WatchedMisuseLayer(layer, watchdog)));
        dependencies.Off.Apply(permissions, misuse);
        AuditFiles.Validate(Options, Errors);
        PostureChecks.Enforce(Options, dependencies, Errors);
        Errors.ThrowIfAny(Name);
        JournalValidation.Validate(Options.DefendInDepth.Journal, dependencies, Errors);
        if (AuditFiles.Open(Options, dependencies, Errors) is { } file)
        {
            dependencies.Add(file);
        }

        AuditFiles.OpenTables(Options, dependencies, Errors);
        if (dependencies.Off.Has(Wall.Audit))
        {
            dependencies.RemoveAuditSinks();
        }

        Errors.ThrowIfAny(Name);
        _built = true;
        var policy = new Policy(Name, Options, [new PermissionSet(permissions)], misuse, dependencies);
        dependencies.Get<PolicyExamples>()?.Check(policy, Errors);
        foreach (var finding in IsStrict ? policy.Findings().Where(finding => finding.Severity >= FindingSeverity.Warning) : [])
        {
            Errors.Add(finding.Place, finding.Id, finding.Problem, finding.Remedy);
        }

        Errors.ThrowIfAny(Name);
        JournalValidation.Recover(policy);
        return policy;
    }

    /// <summary>Registers an object that a guard or layer needs. Given twice, it is an error.</summary>
    internal PolicyBuilder Provide<T>(T service)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(service);
        ThrowIfBuilt();
        if (!_services.TryAdd(typeof(T), service))
        {
            Errors.Add(typeof(T).Name, null, "It is given twice.", "Keep one.");
        }

        return this;
    }

    /// <summary>Registers an object that a guard or layer needs, unless the policy already names its own.</summary>
    internal PolicyBuilder ProvideDefault<T>(T service)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(service);
        ThrowIfBuilt();
        _services.TryAdd(typeof(T), service);
        return this;
    }

    /// <summary>The object of a kind that collects named entries, made on first use.</summary>
    internal T Collect<T>()
        where T : class, new()
    {
        ThrowIfBuilt();
        if (!_services.TryGetValue(typeof(T), out var service))
        {
            _services.Add(typeof(T), service = new T());
        }

        return (T)service;
    }

    internal void AddAuditSink(IAuditSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        ThrowIfBuilt();
        _auditSinks.Add(sink);
    }

    private void ThrowIfBuilt()
    {
        if (_built)
        {
            throw new InvalidOperationException(
                $"The policy of agent '{Name}' has been built already. Configure it before Build, or build a new one.");
        }
    }
}
