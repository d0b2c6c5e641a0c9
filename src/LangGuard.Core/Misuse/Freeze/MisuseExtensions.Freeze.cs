using LangGuard.Misuse;

namespace LangGuard;

/// <content>Adds a switch that freezes several agents.</content>
public static partial class MisuseExtensions
{
    /// <summary>Obeys a switch that the host shares between agents. Through <c>AddLangGuard</c> all agents share one.</summary>
    public static MisuseBuilder FreezeWith(this MisuseBuilder misuse, FreezeSwitch freezeSwitch)
    {
        ArgumentNullException.ThrowIfNull(misuse);
        misuse.Policy.Provide(freezeSwitch);
        return misuse;
    }
}
