using LangGuard.Misuse;

namespace LangGuard;

/// <content>Sets the check of what agents send for secrets.</content>
public static partial class MisuseExtensions
{
    /// <summary>Lets requests, function calls and changed rows carry secrets. The values are those of <c>RedactValues</c>.</summary>
    public static MisuseBuilder UnguardedSecrets(this MisuseBuilder misuse)
    {
        ArgumentNullException.ThrowIfNull(misuse);
        misuse.Options.KeepSecrets.Unguarded = true;
        return misuse;
    }
}
