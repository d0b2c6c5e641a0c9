using LangGuard.Misuse;

namespace LangGuard;

/// <summary>Layers that anticipate misuse.</summary>
public static partial class MisuseExtensions
{
    /// <summary>Requires a person's approval for some operations. An approval is bound to the exact effect, is used
    /// once, and never turns a denial into an allow.</summary>
    public static MisuseBuilder RequireApproval(this MisuseBuilder misuse, Action<ApprovalBuilder> approval)
    {
        ArgumentNullException.ThrowIfNull(misuse);
        ArgumentNullException.ThrowIfNull(approval);
        approval(new ApprovalBuilder(misuse));
        return misuse;
    }
}
