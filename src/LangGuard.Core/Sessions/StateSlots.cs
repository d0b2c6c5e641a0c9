namespace LangGuard;

/// <summary>Hands out the places of <see cref="StateSlot{T}"/>.</summary>
internal static class StateSlots
{
    private static int _last = -1;

    internal static int Next() => Interlocked.Increment(ref _last);
}
