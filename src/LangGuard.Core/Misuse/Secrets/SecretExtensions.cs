using LangGuard.Misuse;

namespace LangGuard;

/// <summary>Sets the check of what agents send for secrets.</summary>
public static class SecretExtensions
{
    /// <summary>Lets requests and function calls carry secrets out. The values are those of <c>RedactValues</c>.</summary>
    public static MisuseBuilder UnguardedSecrets(this MisuseBuilder misuse)
    {
        ArgumentNullException.ThrowIfNull(misuse);
        misuse.Options.KeepSecrets.Unguarded = true;
        return misuse;
    }
}
