using LangGuard.Misuse;

namespace LangGuard;

/// <summary>The right to carry out one operation once. The guard acts, then says what really happened. Disposed without
/// <see cref="Complete"/> it counts as failed.</summary>
public sealed class Permit : IDisposable
{
    private readonly GuardSession _session;
    private readonly Policy _policy;
    private readonly long _sequence;
    private int _settled;

    internal Permit(GuardSession session, Policy policy, Operation operation, Grant grant, long sequence)
    {
        _session = session;
        _policy = policy;
        _sequence = sequence;
        Operation = operation;
        Grant = grant;
    }

    /// <summary>What was decided on, and is what must be done.</summary>
    public Operation Operation { get; }

    /// <summary>The permission that matched, with its limits, filters and bindings.</summary>
    public Grant Grant { get; }

    /// <summary>Says that content is about to reach the agent: labels the session before the first byte.</summary>
    public void BeginResult()
    {
        if (!IsTrusted)
        {
            _session.Tree.MarkUntrusted((Operation as FileOperation)?.Target.Root);
        }
    }

    /// <summary>The policy it was decided under.</summary>
    internal Policy Policy => _policy;

    /// <summary>Whether nothing of the result reaches the agent, as with a redirect that the guard follows.</summary>
    internal bool HidesResult { get; set; }

    /// <summary>Whether a layer learns from results of this operation.</summary>
    internal bool Observes => _policy.Observes(Operation.Surface);

    /// <summary>Shows a result, or a piece of it, to the layers that learn where values come from.</summary>
    internal void Observe(ReadOnlySpan<byte> utf8) => ResultObserver.Observe(_session, Operation, IsTrusted, utf8);

    /// <inheritdoc cref="Observe(ReadOnlySpan{byte})"/>
    internal void Observe(ReadOnlySpan<char> text) => ResultObserver.Observe(_session, Operation, IsTrusted, text);

    /// <summary>Says what really happened: settles quotas, labels the session and writes the audit record. Only the
    /// first call counts.</summary>
    public void Complete(in OperationOutcome outcome)
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0)
        {
            return;
        }

        if (outcome.Status == OutcomeStatus.Succeeded && (Operation.Effects & Effects.Read) != 0 && !HidesResult)
        {
            BeginResult();
        }

        if (outcome.Status != OutcomeStatus.Denied && Operation.Mutates)
        {
            ContentLabels.Wrote(_session, _policy, Operation, outcome.Status == OutcomeStatus.Succeeded);
        }

        _session.Settle(
            _policy, Operation, Decision.Allow(Grant), _sequence, outcome.StoppedBy is null ? outcome with { StoppedBy = Operation.StoppedBy } : outcome);
    }

    /// <summary>Whether somebody vouches for what the operation returns.</summary>
    internal bool IsTrusted => ContentLabels.IsTrusted(_session, _policy, Operation, Grant);

    /// <summary>Settles as failed what was never completed.</summary>
    public void Dispose() => Complete(new OperationOutcome(OutcomeStatus.Failed));
}
