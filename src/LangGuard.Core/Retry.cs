namespace LangGuard;

/// <summary>What a caller can do after a denial. Told to the model so that it does not try other spellings.</summary>
public enum Retry
{
    /// <summary>The same operation stays denied, whatever its spelling.</summary>
    No = 0,

    /// <summary>An operation with other arguments may be allowed.</summary>
    ChangeArguments,

    /// <summary>A person has to decide first.</summary>
    AskUser,

    /// <summary>The same operation may be allowed later.</summary>
    Later,
}
