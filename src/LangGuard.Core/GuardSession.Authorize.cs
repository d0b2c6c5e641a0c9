using LangGuard.Auditing;
using LangGuard.Misuse;

namespace LangGuard;

/// <summary>The one sequence from a call to a permit: check the session, count and reserve, decide, ask, record.</summary>
public sealed partial class GuardSession
{
    /// <summary>How long an asynchronous caller waits for a sink. Then the operation is denied.</summary>
    private static readonly TimeSpan AuditPatience = TimeSpan.FromSeconds(15);

    /// <summary>How often one call asks, when new rules ask while a person answers.</summary>
    private const int MostRounds = 3;

    /// <summary>Decides on an operation and returns the right to carry it out.</summary>
    /// <exception cref="AccessDeniedException">It is denied, or a person has to approve it first.</exception>
    /// <exception cref="DbAccessDeniedException">The same for a database operation.</exception>
    public Permit Authorize(Operation operation) => PermitOrThrow(TryAuthorize(operation), operation);

    /// <summary>As <see cref="Authorize"/>; asks the approver, where there is one, and waits for the answer.</summary>
    /// <exception cref="AccessDeniedException">It is denied, or nobody approved it.</exception>
    /// <exception cref="DbAccessDeniedException">The same for a database operation.</exception>
    public async ValueTask<Permit> AuthorizeAsync(Operation operation, CancellationToken cancellationToken = default) =>
        PermitOrThrow(await TryAuthorizeAsync(operation, cancellationToken).ConfigureAwait(false), operation);

    /// <summary>Decides on an operation; a denial is an answer rather than an exception. Never blocks: what a person has
    /// to approve is denied with the id of the request, unless it has been approved already.</summary>
    public Authorization TryAuthorize(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var policy = Policy;
        var sequence = Tree.NextSequence();
        var decision = Decide(policy, operation, out var reported);
        string? requestId = null;
        if (decision.Kind == DecisionKind.Ask)
        {
            decision = UseStoredApproval(policy, operation, decision, out requestId);
        }

        return Conclude(policy, operation, decision, sequence, requestId, reported);
    }

    /// <summary>As <see cref="TryAuthorize"/>; asks the approver, where there is one, and waits for the answer.</summary>
    public async ValueTask<Authorization> TryAuthorizeAsync(
        Operation operation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var policy = Policy;
        var sequence = Tree.NextSequence();
        var decision = Decide(policy, operation, out var reported);
        string? requestId = null;
        if (decision.Kind == DecisionKind.Ask)
        {
            try
            {
                (decision, requestId) =
                    await AskAsync(policy, operation, decision, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // Asked for and given up: it is recorded, and nothing that a store or approver threw meanwhile reaches the caller.
                Tell(policy, Record(policy, operation, decision, sequence, requestId, reported));
                Settle(policy, operation, decision, sequence, new OperationOutcome(OutcomeStatus.Cancelled));
                cancellationToken.ThrowIfCancellationRequested();
                throw;
            }
        }

        return await ConcludeAsync(policy, operation, decision, sequence, requestId, reported, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Records and counts an operation that its guard refuses before any layer sees it, because the input has no
    /// canonical form: a name outside every root, an ambiguous URL, text that is not one statement.</summary>
    /// <param name="operation">What was attempted, with as much as is known of the resource.</param>
    /// <param name="reason">Why it is refused.</param>
    internal Authorization Refuse(Operation operation, Reason reason)
    {
        var policy = Policy;
        var sequence = Tree.NextSequence();
        var decision = Reserve(policy, operation, out var reported);
        return Conclude(
            policy, operation, decision.Kind == DecisionKind.Abstain ? Decision.Deny(reason) : decision, sequence, null, reported);
    }

    /// <summary>Settles quotas and writes the audit record of an end. Never throws: the effect has happened.</summary>
    internal void Settle(
        Policy policy, Operation operation, Decision decision, long sequence, in OperationOutcome outcome)
    {
        foreach (var layer in policy.Reserving(operation.Surface))
        {
            try
            {
                layer.Settle(operation, this, outcome);
            }
            catch (Exception)
            {
                // Its reservation stays, which can only narrow. The other layers still settle.
            }
        }

        if (outcome.Status != OutcomeStatus.Denied && policy.AuditSinks.Length > 0)
        {
            Tell(policy, new AuditRecord(
                AuditPhase.Outcome, Now(), sequence, this, operation, decision, outcome)
            { Policy = policy });
        }
    }

    /// <summary>Stores the approval of a person for one operation that is about to come. It removes only the votes that ask
    /// now; the policy decides again when the operation comes.</summary>
    /// <returns>False when it could not be stored, or asks for nothing that a person could approve.</returns>
    internal bool ApproveOnce(Operation operation)
    {
        var policy = Policy;
        if (policy.Decide(operation, this, null).Kind != DecisionKind.Ask)
        {
            // Allowed or denied without anybody; there is nothing to approve.
            return true;
        }

        return Approvals.Request(this, operation, policy.Asking(operation, this), isShared: false) is { } request
            && Approvals.Approve(request);
    }

    private static Permit PermitOrThrow(Authorization answer, Operation operation)
    {
        if (answer.IsAllowed)
        {
            return answer.Permit;
        }

        throw operation.Surface == Surface.Database
            ? new DbAccessDeniedException(answer.Decision, operation, answer.ApprovalRequestId)
            : new AccessDeniedException(answer.Decision, operation, answer.ApprovalRequestId);
    }

    /// <summary>Uses up an approval for this effect, or leaves a request for one.</summary>
    /// <param name="policy">The policy in force.</param>
    /// <param name="operation">What is about to happen.</param>
    /// <param name="asked">What was decided without an approval.</param>
    /// <param name="requestId">The approval that was used, or the request that waits now.</param>
    /// <param name="given">The only approval that counts; null for any of this effect.</param>
    /// <param name="isShared">Whether a request that waits already will do.</param>
    private Decision UseStoredApproval(
        Policy policy, Operation operation, Decision asked, out string? requestId, string? given = null, bool isShared = true)
    {
        requestId = null;
        try
        {
            if (Approvals.TryConsume(this, operation, given) is { } approval)
            {
                requestId = approval.Id;
                var again = DecideAgain(policy, operation, approval);
                if (again.Kind != DecisionKind.Ask)
                {
                    return again;
                }

                // A rule asks that nobody was told of: a new request, for all that ask now.
                asked = again;
            }

            requestId = Approvals.Request(this, operation, policy.Asking(operation, this), isShared);
            return asked;
        }
        catch (Exception)
        {
            // An operation or layer that fails here has not been approved.
            return Decision.Deny(Reasons.LayerFault);
        }
    }

    private async ValueTask<(Decision Decision, string? RequestId)> AskAsync(
        Policy policy, Operation operation, Decision asked, CancellationToken cancellationToken)
    {
        var approver = policy.Dependencies.Get<IApprover>();

        // With an approver each call asks for itself: two calls of the same effect are two effects.
        var decision = UseStoredApproval(policy, operation, asked, out var requestId, isShared: approver is null);
        for (var round = 0; round < MostRounds && approver is not null && decision.Kind == DecisionKind.Ask && requestId is not null; round++)
        {
            try
            {
                if (!await Approvals.AskAsync(approver, requestId, cancellationToken).ConfigureAwait(false))
                {
                    return (Decision.Deny(SessionApprovals.Rejected), requestId);
                }
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The store of approvals failed: nobody has approved.
                return (Decision.Deny(Reasons.LayerFault), requestId);
            }

            decision = UseStoredApproval(policy, operation, asked, out requestId, requestId, isShared: false);
        }

        return (decision, requestId);
    }

    private Decision DecideAgain(Policy policy, Operation operation, Approval approval)
    {
        if (!operation.StillHolds())
        {
            return Decision.Deny(Reasons.Changed);
        }

        return HasEnded ? Decision.Deny(Reasons.SessionEnded) : policy.Decide(operation, this, approval);
    }

    /// <summary>Records the decision before anything happens.</summary>
    /// <param name="policy">The policy it was decided under.</param>
    /// <param name="operation">What was decided on.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="sequence">The number of the operation.</param>
    /// <param name="approvalId">The approval that is pending or was used.</param>
    /// <param name="reported">What a layer that only reports would have objected to when the attempt was counted.</param>
    private Authorization Conclude(
        Policy policy, Operation operation, Decision decision, long sequence, string? approvalId, Reason? reported)
    {
        reported ??= policy.Reported(operation, this);
        var sinks = policy.AuditSinks;
        var unrecorded = sinks.Length == 0
            ? null
            : Audit(sinks, Record(policy, operation, decision, sequence, approvalId, reported));
        return Finish(policy, operation, decision, sequence, approvalId, reported, unrecorded);
    }

    private async ValueTask<Authorization> ConcludeAsync(
        Policy policy, Operation operation, Decision decision, long sequence, string? approvalId, Reason? reported,
        CancellationToken cancellationToken)
    {
        reported ??= policy.Reported(operation, this);
        var sinks = policy.AuditSinks;
        Reason? unrecorded = null;
        try
        {
            for (var i = 0; i < sinks.Length && unrecorded is null; i++)
            {
                unrecorded = await AuditAsync(
                    sinks[i], Record(policy, operation, decision, sequence, approvalId, reported), cancellationToken)
                    .ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            Settle(policy, operation, decision, sequence, new OperationOutcome(OutcomeStatus.Cancelled));
            throw new OperationCanceledException(cancellationToken);
        }

        return Finish(policy, operation, decision, sequence, approvalId, reported, unrecorded);
    }

    private Authorization Finish(
        Policy policy, Operation operation, Decision decision, long sequence, string? approvalId, Reason? reported, Reason? unrecorded)
    {
        // Invariant: what cannot be recorded does not happen.
        if (decision.Kind == DecisionKind.Allow && unrecorded is not null)
        {
            decision = Decision.Deny(unrecorded);
            Tell(policy, Record(policy, operation, decision, sequence, approvalId, reported));
        }

        if (decision.Kind == DecisionKind.Allow)
        {
            return new Authorization(new Permit(this, policy, operation, decision.Grant!, sequence), reported);
        }

        foreach (var layer in policy.Reserving(operation.Surface))
        {
            layer.Denied(operation, this, decision);
        }

        Settle(policy, operation, decision, sequence, new OperationOutcome(OutcomeStatus.Denied));
        return new Authorization(decision, decision.Kind == DecisionKind.Ask ? approvalId : null);
    }

    private AuditRecord Record(
        Policy policy, Operation operation, Decision decision, long sequence, string? approvalId, Reason? reported) => new(
        AuditPhase.Decision, Now(), sequence, this, operation, decision, default, approvalId)
        {
            Policy = policy,
            Reported = reported,
        };

    /// <summary>The time for a record, also where a clock of the host's own fails: what happened has to be recorded.</summary>
    private DateTimeOffset Now()
    {
        try
        {
            return Tree.TimeProvider.GetUtcNow();
        }
        catch (Exception)
        {
            return TimeProvider.System.GetUtcNow();
        }
    }

    /// <summary>Null when every sink has it; else why the operation is denied.</summary>
    private static Reason? Audit(IAuditSink[] sinks, in AuditRecord record)
    {
        try
        {
            foreach (var sink in sinks)
            {
                sink.Write(record);
            }

            return null;
        }
        catch (Exception failure)
        {
            // The caller turns this into a denial: the effect has not happened yet.
            return Reasons.NotRecorded(failure);
        }
    }

    private async ValueTask<Reason?> AuditAsync(
        IAuditSink sink, AuditRecord record, CancellationToken cancellationToken)
    {
        try
        {
            var write = sink.WriteAsync(record, cancellationToken);
            if (sink is AuditFile)
            {
                // It watches its own disk; a timer for each record would cost more than the record.
                await write.ConfigureAwait(false);
            }
            else if (!write.IsCompletedSuccessfully)
            {
                await write.AsTask().WaitAsync(AuditPatience, Tree.TimeProvider, cancellationToken)
                    .ConfigureAwait(false);
            }

            return null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // A sink that fails, does not answer or cancels by itself has recorded nothing.
            return Reasons.NotRecorded(failure);
        }
    }

    /// <summary>Records what can not be undone any more: every sink is told, whatever the others do.</summary>
    private static void Tell(Policy policy, in AuditRecord record)
    {
        foreach (var sink in policy.AuditSinks)
        {
            try
            {
                sink.Write(record);
            }
            catch (Exception)
            {
                // Its intent stands without an outcome, which the audit reports as unknown.
            }
        }
    }
}
