using LangGuard.Auditing;

namespace LangGuard;

/// <summary>Walls and records that defend in depth.</summary>
public static partial class DefenseExtensions
{
    /// <summary>Writes every decision and outcome to a sink. When the sink throws, the operation is denied.</summary>
    public static DefenseBuilder Audit(this DefenseBuilder defense, IAuditSink sink)
    {
        ArgumentNullException.ThrowIfNull(defense);
        defense.Policy.AddAuditSink(sink);
        return defense;
    }

    /// <summary>Says where decisions and outcomes are recorded. An operation whose intent can not be recorded does not
    /// run.</summary>
    public static DefenseBuilder Audit(this DefenseBuilder defense, Action<AuditBuilder> audit)
    {
        ArgumentNullException.ThrowIfNull(defense);
        ArgumentNullException.ThrowIfNull(audit);
        audit(new AuditBuilder(defense.Policy));
        return defense;
    }
}
