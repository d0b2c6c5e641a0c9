namespace LangGuard;

/// <summary>The vote of a misuse layer. It cannot allow, by type; <c>default</c> denies.</summary>
public readonly struct Objection : IEquatable<Objection>
{
    private Objection(ObjectionKind kind, Reason? reason)
    {
        Kind = kind;
        Reason = reason;
    }

    /// <summary>What the layer says.</summary>
    public ObjectionKind Kind { get; }

    /// <summary>Why; null only for <see cref="None"/>.</summary>
    public Reason? Reason { get => Kind != ObjectionKind.None && field is null ? Reasons.Unspecified : field; }

    /// <summary>The layer does not object.</summary>
    public static Objection None => new(ObjectionKind.None, null);

    /// <summary>A person has to approve the operation first.</summary>
    public static Objection Ask(Reason reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return new(ObjectionKind.Ask, reason);
    }

    /// <summary>The operation must not run.</summary>
    public static Objection Deny(Reason reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return new(ObjectionKind.Deny, reason);
    }

    /// <inheritdoc />
    public bool Equals(Objection other) => Kind == other.Kind && ReferenceEquals(Reason, other.Reason);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is Objection other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Kind, Reason);

    /// <summary>Whether two objections are the same.</summary>
    public static bool operator ==(Objection left, Objection right) => left.Equals(right);

    /// <summary>Whether two objections differ.</summary>
    public static bool operator !=(Objection left, Objection right) => !left.Equals(right);
}
