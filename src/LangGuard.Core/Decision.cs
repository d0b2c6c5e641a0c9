namespace LangGuard;

/// <summary>The vote of a permission layer, or the final decision of a policy. <c>default</c> denies.</summary>
public readonly struct Decision : IEquatable<Decision>
{
    private Decision(DecisionKind kind, Reason? reason, Grant? grant)
    {
        Kind = kind;
        Reason = reason ?? (kind == DecisionKind.Deny ? Reasons.Unspecified : null);
        Grant = grant;
    }

    /// <summary>What was decided.</summary>
    public DecisionKind Kind { get; }

    /// <summary>Why, for every decision but an allow.</summary>
    public Reason? Reason { get => Kind == DecisionKind.Deny && field is null ? Reasons.Unspecified : field; }

    /// <summary>The grant that matched, for an allow and for an ask; otherwise null.</summary>
    public Grant? Grant { get; }

    /// <summary>Whether the operation may run.</summary>
    public bool IsAllowed => Kind == DecisionKind.Allow;

    /// <summary>The layer does not cover this operation.</summary>
    public static Decision Abstain => new(DecisionKind.Abstain, null, null);

    /// <summary>The layer does not cover this operation, and <paramref name="reason"/> says which permission is
    /// missing. Used as the reason of the denial when no other layer allows the operation.</summary>
    public static Decision NotGranted(Reason reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return new(DecisionKind.Abstain, reason, null);
    }

    /// <summary>The operation is covered by <paramref name="grant"/>.</summary>
    public static Decision Allow(Grant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return new(DecisionKind.Allow, null, grant);
    }

    /// <summary>The operation must not run, whatever other layers say.</summary>
    public static Decision Deny(Reason reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return new(DecisionKind.Deny, reason, null);
    }

    internal static Decision Ask(Reason reason, Grant grant) => new(DecisionKind.Ask, reason, grant);

    /// <inheritdoc />
    public bool Equals(Decision other) =>
        Kind == other.Kind && ReferenceEquals(Reason, other.Reason) && ReferenceEquals(Grant, other.Grant);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is Decision other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Kind, Reason, Grant);

    /// <summary>Whether two decisions are the same.</summary>
    public static bool operator ==(Decision left, Decision right) => left.Equals(right);

    /// <summary>Whether two decisions differ.</summary>
    public static bool operator !=(Decision left, Decision right) => !left.Equals(right);

    /// <inheritdoc />
    public override string ToString() => Reason is null ? Kind.ToString() : $"{Kind} ({Reason.Rule})";
}
