namespace LangGuard.Tests.Reference;

/// <summary>What a layer of a random policy does with one operation.</summary>
public enum LayerBehaviour
{
    /// <summary>Nothing to say.</summary>
    Abstain,

    /// <summary>Allows; a misuse layer cannot, and then has nothing to say.</summary>
    Allow,

    /// <summary>Asks; a permission layer cannot, and then returns what has no meaning.</summary>
    Ask,

    /// <summary>Denies.</summary>
    Deny,

    /// <summary>Throws.</summary>
    Throw,

    /// <summary>Returns the default value.</summary>
    Default,
}
