namespace LangGuard;

/// <summary>What a misuse layer can say. It cannot allow. The default value denies.</summary>
public enum ObjectionKind
{
    /// <summary>The operation must not run.</summary>
    Deny = 0,

    /// <summary>A person has to approve the operation first.</summary>
    Ask = 1,

    /// <summary>No objection. Whether the operation runs is for the permissions to say.</summary>
    None = 2,
}
