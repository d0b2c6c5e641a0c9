namespace LangGuard;

/// <summary>The answer to a request to act: a permit, or the decision that denied. <c>default</c> denies.</summary>
public readonly struct Authorization : IEquatable<Authorization>
{
    internal Authorization(Permit permit, Reason? reported)
    {
        Permit = permit;
        Reported = reported;
        Decision = Decision.Allow(permit.Grant);
    }

    internal Authorization(Decision decision, string? approvalRequestId = null)
    {
        Decision = decision;
        ApprovalRequestId = approvalRequestId;
    }

    /// <summary>The permit, or null when the operation was denied.</summary>
    public Permit? Permit { get; }

    /// <summary>The decision.</summary>
    public Decision Decision { get; }

    /// <summary>The id of the approval that is pending, when the decision is to ask.</summary>
    public string? ApprovalRequestId { get; }

    /// <summary>The rule of a layer that only reports and would have objected to what is allowed; null when there is none.</summary>
    public Reason? Reported { get; }

    /// <summary>Whether the operation may run.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Permit))]
    public bool IsAllowed => Permit is not null;

    /// <inheritdoc />
    public bool Equals(Authorization other) =>
        ReferenceEquals(Permit, other.Permit) && Decision == other.Decision && ApprovalRequestId == other.ApprovalRequestId;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is Authorization other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Permit, Decision);

    /// <summary>Whether two answers are the same.</summary>
    public static bool operator ==(Authorization left, Authorization right) => left.Equals(right);

    /// <summary>Whether two answers differ.</summary>
    public static bool operator !=(Authorization left, Authorization right) => !left.Equals(right);
}
