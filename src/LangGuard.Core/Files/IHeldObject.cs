using LangGuard.Misuse;

namespace LangGuard.Files;

/// <summary>What a guard acquired before the decision.</summary>
internal interface IHeldObject
{
    /// <summary>Whether it is still what it was when it was acquired.</summary>
    bool StillHolds();

    /// <summary>What tells this state of it from a later one, also where the platform gives the same identity to another file
    /// after it; null where there is nothing yet. An approval is bound to it.</summary>
    string? State => null;

    /// <summary>What the operation changes of it, for a person who is asked.</summary>
    OperationPreview Preview(FileOperation operation) => default;
}
