namespace LangGuard.Misuse;

/// <summary>Stops every change of every agent that shares the switch, at once. The host's; an agent never reaches it.</summary>
/// <remarks>One session is frozen by <see cref="GuardSession.Freeze"/>, one agent by <see cref="PolicySource.Freeze"/>.</remarks>
public sealed class FreezeSwitch
{
    private volatile bool _isFrozen;

    /// <summary>Whether only reading is possible.</summary>
    public bool IsFrozen => _isFrozen;

    /// <summary>Denies every change.</summary>
    public void Freeze() => _isFrozen = true;

    /// <summary>Lifts <see cref="Freeze"/>.</summary>
    public void Unfreeze() => _isFrozen = false;
}
