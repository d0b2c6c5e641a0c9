namespace LangGuard.AI;

/// <summary>The session of the chat call that is running, for guards that are bound to none.</summary>
internal static class ChatSession
{
    private static readonly AsyncLocal<GuardSession?> Running = new();

    internal static GuardSession? Current
    {
        get => Running.Value;
        set => Running.Value = value;
    }

    /// <summary>The session that a guard acts in; null when there is none, or another one than its own is running.</summary>
    internal static GuardSession? For(GuardSession? bound, out bool mismatch)
    {
        var running = Running.Value;
        mismatch = running is not null && !Fits(bound, running);
        return mismatch ? null : bound ?? running;
    }

    /// <summary>Whether a guard that is bound to a session may work for a chat call of another: only its descendant's.</summary>
    internal static bool Fits(GuardSession? bound, GuardSession? running) =>
        bound is null || running is null || bound.IsSameOrDescendantOf(running);
}
