using LangGuard.Misuse;

namespace LangGuard;

/// <summary>Sets the loop layer.</summary>
public static class LoopExtensions
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
