using LangGuard.Misuse;

namespace LangGuard;

/// <content>Sets the loop layer.</content>
public static partial class MisuseExtensions
{
    /// <summary>Stops an agent that runs in circles. On by default; this makes it stricter or looser.</summary>
    public static MisuseBuilder DetectLoops(this MisuseBuilder misuse, Action<LoopBuilder> loops)
    {
        ArgumentNullException.ThrowIfNull(misuse);
        ArgumentNullException.ThrowIfNull(loops);
        loops(new LoopBuilder(misuse.Options.DetectLoops));
        return misuse;
    }
}
