using LangGuard.Auditing;

namespace LangGuard;

/// <summary>Adds audit sinks.</summary>
public static class AuditExtensions
{
    /// <summary>Writes every decision and outcome to a sink. When the sink throws, the operation is denied.</summary>
    public static DefenseBuilder Audit(this DefenseBuilder defense, IAuditSink sink)
    {
        ArgumentNullException.ThrowIfNull(defense);
        defense.Policy.AddAuditSink(sink);
        return defense;
    }
}
