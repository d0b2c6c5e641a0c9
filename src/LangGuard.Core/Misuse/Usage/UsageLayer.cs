using System.Collections.Frozen;

namespace LangGuard.Misuse;

/// <summary>Quotas: counts each attempt before the decision, reserves what is known to be needed and settles what was
/// used.</summary>
internal sealed class UsageLayer : MisuseLayer, IMergeableLayer
{
    private readonly UsageLimits _session;
    private readonly UsageLimits _principal;
    private readonly UsageLimits[] _surfaces;
    private readonly FrozenDictionary<string, UsageLimits> _functions;
    private readonly SharedUsage? _shared;

    private UsageLayer(
        UsageLimits session, UsageLimits principal, UsageLimits[] surfaces, IReadOnlyDictionary<string, UsageLimits> functions,
        SharedUsage? shared)
    {
        _shared = shared;
        _session = session;
        _principal = principal;
        _surfaces = surfaces;
        _functions = functions.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public override string Name => "misuse.usage";

    public override bool Reserves => true;

    internal override bool Reviews => false;

    internal static UsageLayer Compile(UsageOptions options, IUsageStore? store, PolicyErrors errors)
    {
        const string Path = "AnticipateMisuse:LimitUsage";
        var surfaces = Enumerable.Repeat(UsageLimits.None, 4).ToArray();
        foreach (var (name, limits) in options.Surfaces)
        {
            if (Enum.GetNames<Surface>().FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } known)
            {
                surfaces[(int)Enum.Parse<Surface>(known)] = UsageLimits.Of(limits, $"{Path}:Surfaces:{name}", errors);
            }
            else
            {
                errors.Add($"{Path}:Surfaces:{name}", name, "It is not a kind of operation.", "Use Files, Http, Database or Functions.");
            }
        }

        return new UsageLayer(
            UsageLimits.Of(options.Session, $"{Path}:Session", errors),
            UsageLimits.Of(options.Principal, $"{Path}:Principal", errors),
            surfaces,
            options.Functions.ToDictionary(
                entry => entry.Key,
                entry => UsageLimits.Of(entry.Value, $"{Path}:Functions:{entry.Key}", errors),
                StringComparer.Ordinal),
            store is null ? null : new SharedUsage(store));
    }

    public override Objection Review(Operation operation, GuardSession session) => Objection.None;

    public override Objection TryReserve(Operation operation, GuardSession session)
    {
        var clock = session.Tree.TimeProvider;
        var state = session.State<UsageState>();
        var bytes = Math.Max(0, operation.KnownBytesOut);
        var reason = _session.IsNone ? null : state.All.TryReserve(_session, bytes, clock);
        if (!_principal.IsNone)
        {
            reason = (_shared is null
                ? session.PrincipalState<UsageState>().All.TryReserve(_principal, bytes, clock)
                : _shared.TryReserve(_principal, operation, session, bytes)) ?? reason;
        }

        var surface = _surfaces[(int)operation.Surface];
        if (!surface.IsNone)
        {
            reason = state.For(operation.Surface).TryReserve(surface, bytes, clock) ?? reason;
        }

        if (FunctionLimits(operation, out var name) is { } function)
        {
            reason = state.For(name).TryReserve(function, bytes, clock) ?? reason;
        }

        return reason is null ? Objection.None : Objection.Deny(reason);
    }

    public override void Settle(Operation operation, GuardSession session, in OperationOutcome outcome)
    {
        var clock = session.Tree.TimeProvider;
        var state = session.State<UsageState>();
        var bytes = Math.Max(0, operation.KnownBytesOut);
        if (!_session.IsNone)
        {
            state.All.Settle(_session, bytes, outcome, clock);
        }

        if (!_principal.IsNone && _shared is null)
        {
            session.PrincipalState<UsageState>().All.Settle(_principal, bytes, outcome, clock);
        }

        var surface = _surfaces[(int)operation.Surface];
        if (!surface.IsNone)
        {
            state.For(operation.Surface).Settle(surface, bytes, outcome, clock);
        }

        if (FunctionLimits(operation, out var name) is { } function)
        {
            state.For(name).Settle(function, bytes, outcome, clock);
        }

        // Last, because it may wait.
        if (!_principal.IsNone)
        {
            _shared?.Settle(operation, session, outcome);
        }
    }

    public MisuseLayer Merge(MisuseLayer other)
    {
        var layer = (UsageLayer)other;
        var functions = new Dictionary<string, UsageLimits>(_functions, StringComparer.Ordinal);
        foreach (var (name, limits) in layer._functions)
        {
            functions[name] = functions.TryGetValue(name, out var mine) ? mine.Strictest(limits) : limits;
        }

        return new UsageLayer(
            _session.Strictest(layer._session),
            _principal.Strictest(layer._principal),
            [.. _surfaces.Zip(layer._surfaces, (mine, theirs) => mine.Strictest(theirs))],
            functions,
            _shared ?? layer._shared)
        {
            IsReportOnly = IsReportOnly,
        };
    }

    private UsageLimits? FunctionLimits(Operation operation, out string name)
    {
        if (_functions.Count > 0 && operation is FunctionOperation function)
        {
            name = function.Function;
            return _functions.GetValueOrDefault(name);
        }

        name = string.Empty;
        return null;
    }
}
