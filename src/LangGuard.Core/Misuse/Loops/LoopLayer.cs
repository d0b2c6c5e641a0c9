using System.Globalization;

namespace LangGuard.Misuse;

/// <summary>Stops an agent that runs in circles: the same call, alternating calls, tiny variations, the same denial, errors
/// only.</summary>
internal sealed class LoopLayer : MisuseLayer, IMergeableLayer
{
    private const int DefaultRepeats = 100;

    private readonly int? _repeats;
    private readonly int? _variations;
    private readonly int _denials;
    private readonly int _errors;
    private readonly TimeSpan _pause;

    private LoopLayer(int? repeats, int? variations, int denials, int errors, TimeSpan pause)
    {
        _repeats = repeats;
        _variations = variations;
        _denials = denials;
        _errors = errors;
        _pause = pause;
    }

    public override string Name => "misuse.loops";

    public override bool Reserves => true;

    internal override bool Reviews => false;

    internal static LoopLayer Compile(LoopOptions options, PolicyErrors errors)
    {
        Check(nameof(options.Repeats), options.Repeats ?? 1, LoopState.Window);
        Check(nameof(options.Variations), options.Variations ?? 1, LoopState.Window);
        Check(nameof(options.Denials), options.Denials, 64);
        Check(nameof(options.Errors), options.Errors, int.MaxValue);
        if (options.Pause <= TimeSpan.Zero)
        {
            errors.Add("AnticipateMisuse:DetectLoops:Pause", options.Pause.ToString(), "The pause is not positive.", "Use 00:00:30 or so.");
        }

        return new LoopLayer(options.Repeats, options.Variations, options.Denials, options.Errors, options.Pause);

        void Check(string name, int value, int most)
        {
            if (value < 1 || value > most)
            {
                errors.Add($"AnticipateMisuse:DetectLoops:{name}", value.ToString(CultureInfo.InvariantCulture),
                    "The number is out of range.", $"Use 1 to {most}.");
            }
        }
    }

    public override Objection Review(Operation operation, GuardSession session) => Objection.None;

    public override Objection TryReserve(Operation operation, GuardSession session)
    {
        var state = session.State<LoopState>();
        var clock = session.Tree.TimeProvider;
        if (state.IsFailing(operation.Surface, _errors, _pause, clock))
        {
            return Objection.Deny(LoopReasons.Failing);
        }

        var repeats = _repeats ?? (IsRepeatable(operation) ? int.MaxValue : DefaultRepeats);
        var hasDenials = state.HasDenials;
        if (repeats == int.MaxValue && _variations is null && !hasDenials)
        {
            return Objection.None;
        }

        var call = HashOf(operation);
        if (hasDenials && state.IsPaused(call, _denials, _pause, clock))
        {
            return Objection.Deny(LoopReasons.Denied);
        }

        if (repeats == int.MaxValue && _variations is null)
        {
            return Objection.None;
        }

        var (same, alike) = state.Add(call, _variations is null ? 0 : ShapeOf(operation));
        return same > repeats ? Objection.Deny(LoopReasons.Repeated)
            : alike > _variations ? Objection.Deny(LoopReasons.Varied)
            : Objection.None;
    }

    public override void Settle(Operation operation, GuardSession session, in OperationOutcome outcome)
    {
        if (outcome.Status is OutcomeStatus.Failed or OutcomeStatus.Succeeded && operation.Surface != Surface.Files)
        {
            session.State<LoopState>().AddOutcome(
                operation.Surface, outcome.Status == OutcomeStatus.Failed, session.Tree.TimeProvider);
        }
    }

    /// <summary>What may be tried again later, or waits for a person, is not counted; a used-up quota says enough itself.</summary>
    internal override void Denied(Operation operation, GuardSession session, Decision decision)
    {
        if (!UsageReasons.IsOne(decision.Reason) && IsWhole(operation) && decision is { Kind: DecisionKind.Deny, Reason.Retry: Retry.No or Retry.ChangeArguments })
        {
            session.State<LoopState>().AddDenial(HashOf(operation), _denials, session.Tree.TimeProvider);
        }
    }

    public MisuseLayer Merge(MisuseLayer other)
    {
        var layer = (LoopLayer)other;
        return new LoopLayer(
            Least(_repeats, layer._repeats),
            Least(_variations, layer._variations),
            Math.Min(_denials, layer._denials),
            Math.Min(_errors, layer._errors),
            _pause > layer._pause ? _pause : layer._pause)
        {
            IsReportOnly = IsReportOnly,
        };
    }

    private static int? Least(int? mine, int? theirs) =>
        mine is null ? theirs : theirs is null ? mine : Math.Min(mine.Value, theirs.Value);

    /// <summary>Reading again is ordinary, and so is every use of a file or database by ordinary code.</summary>
    private static bool IsRepeatable(Operation operation) =>
        !operation.Mutates || operation.Surface is Surface.Files or Surface.Database;

    /// <summary>Whether the hash holds all that was asked for. Content of a file that was denied may come again mended.</summary>
    private static bool IsWhole(Operation operation) =>
        operation is not FileOperation { ContentHash: null } file || (file.Effects & Effects.Write) == 0;

    private static ulong HashOf(Operation operation)
    {
        var hash = default(OperationHash);
        hash.Add((int)operation.Surface);
        operation.AddTo(ref hash);
        return hash.Value | 1;
    }

    /// <summary>The call with every run of digits taken as one: what is left when only a counter changes.</summary>
    private static ulong ShapeOf(Operation operation)
    {
        var effect = operation.CanonicalEffect.AsSpan();
        var hash = default(OperationHash);
        while (!effect.IsEmpty)
        {
            var text = effect.IndexOfAnyInRange('0', '9');
            hash.Add(text < 0 ? effect : effect[..text]);
            effect = text < 0 ? default : effect[text..];
            var digits = effect.IndexOfAnyExceptInRange('0', '9');
            effect = digits < 0 ? default : effect[digits..];
        }

        return hash.Value | 1;
    }
}
