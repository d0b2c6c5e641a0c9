namespace LangGuard;

/// <summary>The first decision on an operation, before a person is asked.</summary>
public sealed partial class GuardSession
{
    private Decision Decide(Policy policy, Operation operation, out Reason? reported)
    {
        var objection = Reserve(policy, operation, out reported);
        return objection.Kind == DecisionKind.Abstain ? policy.Decide(operation, this, null) : objection;
    }

    /// <summary>Checks the session, counts the attempt and reserves quotas. Abstains when nothing objects.</summary>
    private Decision Reserve(Policy policy, Operation operation, out Reason? reported)
    {
        reported = null;
        operation.PutTo = policy;
        var objection = Objection.None;
        foreach (var layer in policy.Reserving(operation.Surface))
        {
            Objection vote;
            try
            {
                vote = layer.TryReserve(operation, this);
            }
            catch (Exception)
            {
                vote = Objection.Deny(Reasons.LayerFault);
            }

            // Every layer counts the attempt, also after one objected, so that denials are not free.
            if (layer.IsReportOnly)
            {
                reported ??= vote.Kind == ObjectionKind.None ? null : vote.Reason;
            }
            else if (objection.Kind == ObjectionKind.None)
            {
                objection = vote;
            }
        }

        if (HasEnded)
        {
            return Decision.Deny(Reasons.SessionEnded);
        }

        // Invariant: a bound session acts only inside itself or an ancestor, never inside another request.
        if (!AmbientSession.Admits(this))
        {
            return Decision.Deny(Reasons.SessionMismatch);
        }

        if (!ReferenceEquals(operation.Principal, Principal) && !Principal.IsSameAs(operation.Principal))
        {
            return Decision.Deny(Reasons.PrincipalMismatch);
        }

        return objection.Kind == ObjectionKind.None ? Decision.Abstain : Decision.Deny(objection.Reason!);
    }
}
