namespace LangGuard;

/// <summary>The place of a state type in every session tree: a constant for the life of the process.</summary>
internal static class StateSlot<T>
{
    internal static readonly int Index = StateSlots.Next();
}
