namespace LangGuard.AI;

/// <summary>Marks functions that stand under a guard. Internal, so that nothing else can claim it.</summary>
internal interface IGuardedFunction
{
    /// <summary>The session the function is bound to, or null when it takes the one of the call.</summary>
    GuardSession? Session { get; }
}
