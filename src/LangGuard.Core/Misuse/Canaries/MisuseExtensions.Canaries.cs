using LangGuard.Misuse;

namespace LangGuard;

/// <content>Plants canaries.</content>
public static partial class MisuseExtensions
{
    /// <summary>Plants things that no honest work touches. Reading or sending one is denied and freezes the session and its
    /// children.</summary>
    public static MisuseBuilder PlantCanaries(this MisuseBuilder misuse, Action<CanaryBuilder> canaries)
    {
        ArgumentNullException.ThrowIfNull(misuse);
        ArgumentNullException.ThrowIfNull(canaries);
        canaries(new CanaryBuilder(misuse.Options.PlantCanaries));
        return misuse;
    }
}
