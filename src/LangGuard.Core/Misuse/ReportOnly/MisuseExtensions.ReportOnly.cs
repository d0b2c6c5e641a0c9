using LangGuard.Misuse;

namespace LangGuard;

/// <content>Tries layers out before they are enforced.</content>
public static partial class MisuseExtensions
{
    /// <summary>Lets layers report what they would have denied or asked for, without doing it: it is in the audit and in
    /// <see cref="Authorization.Reported"/>. Permissions are always enforced. A layer that only reports is a finding.</summary>
    /// <param name="misuse">The builder.</param>
    /// <param name="layers">The layers.</param>
    public static MisuseBuilder UnguardedReportOnly(this MisuseBuilder misuse, MisuseKinds layers)
    {
        ArgumentNullException.ThrowIfNull(misuse);
        misuse.Options.UnguardedReportOnly |= layers;
        return misuse;
    }
}
