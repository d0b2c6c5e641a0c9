namespace LangGuard.Auditing;

/// <summary>What a sink asks for before an effect may happen.</summary>
/// <param name="Mode">The mode for operations without these effects.</param>
/// <param name="DurableFor">Operations with any of these effects are on the disk first.</param>
internal readonly record struct AuditDemands(AuditMode Mode, Effects DurableFor)
{
    private Effects Durable => Mode == AuditMode.Durable ? Effects.All : DurableFor;

    /// <summary>Whether whoever meets these meets the others too.</summary>
    internal bool Cover(AuditDemands other) =>
        (Mode != AuditMode.UnguardedBestEffort || other.Mode == AuditMode.UnguardedBestEffort) && (other.Durable & ~Durable) == 0;
}
