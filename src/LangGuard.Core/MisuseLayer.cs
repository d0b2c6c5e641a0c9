namespace LangGuard;

/// <summary>A layer that anticipates misuse: it may read the session, never write it, and it cannot allow, by type.</summary>
/// <remarks>A layer that throws denies. A layer with counters overrides <see cref="Reserves"/>,
/// <see cref="TryReserve"/> and <see cref="Settle"/>; its state lives in the session.</remarks>
public abstract class MisuseLayer
{
    /// <summary>A short stable name, shown in explanations.</summary>
    public abstract string Name { get; }

    /// <summary>Whether its votes are reported and nothing more.</summary>
    internal bool IsReportOnly { get; set; }

    /// <summary>Whether the layer has anything to say about a surface. Default: all.</summary>
    public virtual bool Covers(Surface surface) => true;

    /// <summary>Votes: no objection, ask, or deny.</summary>
    public abstract Objection Review(Operation operation, GuardSession session);

    /// <summary>Whether <see cref="Review"/> can object: a layer that only counts is not asked.</summary>
    internal virtual bool Reviews => true;

    /// <summary>Whether the layer counts. Default: no.</summary>
    public virtual bool Reserves => false;

    /// <summary>Counts the attempt and reserves what the operation may use, before the decision. What is reserved here
    /// is always settled, also when this returns an objection.</summary>
    public virtual Objection TryReserve(Operation operation, GuardSession session) => Objection.None;

    /// <summary>Says why an operation was denied, before it is settled.</summary>
    internal virtual void Denied(Operation operation, GuardSession session, Decision decision)
    {
    }

    /// <summary>Replaces the reservation by what was really used; for a denied operation only the attempt stays.</summary>
    public virtual void Settle(Operation operation, GuardSession session, in OperationOutcome outcome)
    {
    }
}
