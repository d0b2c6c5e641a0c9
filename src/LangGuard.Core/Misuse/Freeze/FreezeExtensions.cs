using LangGuard.Misuse;

namespace LangGuard;

/// <summary>Adds a switch that freezes several agents.</summary>
public static class FreezeExtensions
{
    /// <summary>Obeys a switch that the host shares between agents. Through <c>AddLangGuard</c> all agents share one.</summary>
    public static MisuseBuilder FreezeWith(this MisuseBuilder misuse, FreezeSwitch freezeSwitch)
    {
        ArgumentNullException.ThrowIfNull(misuse);
        misuse.Policy.Provide(freezeSwitch);
        return misuse;
    }
}
