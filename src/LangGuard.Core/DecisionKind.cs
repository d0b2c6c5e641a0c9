namespace LangGuard;

/// <summary>The outcome of a decision. The default value denies.</summary>
public enum DecisionKind
{
    /// <summary>The operation does not run.</summary>
    Deny = 0,

    /// <summary>The operation runs only after a person approved it.</summary>
    Ask = 1,

    /// <summary>The operation runs.</summary>
    Allow = 2,

    /// <summary>A layer has nothing to say about the operation. Nobody allowing it means denial.</summary>
    Abstain = 3,
}
