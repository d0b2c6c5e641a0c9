namespace LangGuard.Files;

/// <summary>What a guard acquired before the decision.</summary>
internal interface IHeldObject
{
    /// <summary>Whether it is still what it was when it was acquired.</summary>
    bool StillHolds();
}
