using System.Collections.Frozen;
using LangGuard.Permissions;

namespace LangGuard.Misuse;

/// <summary>Asks for the operations that the policy wants a person to approve.</summary>
internal sealed class ApprovalLayer(ApprovalOptions options) : MisuseLayer
{
    private static readonly Reason Required =
        new("approval.required", "A person has to approve this operation.", Retry.AskUser);

    private static readonly TimeSpan DefaultTimeToLive = TimeSpan.FromMinutes(5);

    private readonly TimeSpan _timeToLive = options.TimeToLive;
    private readonly Effects _effects = options.Effects;
    private readonly FrozenSet<string> _functions = options.Functions.ToFrozenSet(StringComparer.Ordinal);

    internal static ApprovalLayer Compile(ApprovalOptions options, PolicyErrors errors)
    {
        if (options.TimeToLive < TimeSpan.FromSeconds(1) || options.TimeToLive > TimeSpan.FromDays(1))
        {
            errors.Add("AnticipateMisuse:RequireApproval:TimeToLive", options.TimeToLive.ToString(),
                "The time to live of an approval is out of bounds.", "Use 1 second to 1 day.");
        }

        return new ApprovalLayer(options);
    }

    public override string Name => "misuse.approval";

    /// <summary>Functions always: each may say of itself that it needs approval.</summary>
    public override bool Covers(Surface surface) => surface == Surface.Functions || _effects != Effects.None;

    public override Objection Review(Operation operation, GuardSession session) =>
        (operation.Effects & _effects) != 0
        || (operation is FunctionOperation function && _functions.Contains(function.Function))
            ? Objection.Ask(Required)
            : operation is FunctionOperation { NeedsApproval: true } ? Objection.Ask(FunctionReasons.ApprovalMarker) : Objection.None;

    /// <summary>How long a request waits and an approval lasts: the shortest that a layer of the policy says.</summary>
    internal static TimeSpan TimeToLiveOf(Policy policy) => policy.MisuseLayers.OfType<ApprovalLayer>()
        .Select(layer => layer._timeToLive).DefaultIfEmpty(DefaultTimeToLive).Min();

    /// <summary>Whether every call of a function is asked for.</summary>
    internal bool AlwaysAsks(string function, Effects effects) => (effects & _effects) != 0 || _functions.Contains(function);
}
