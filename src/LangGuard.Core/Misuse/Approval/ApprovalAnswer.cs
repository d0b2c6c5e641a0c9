namespace LangGuard.Misuse;

/// <summary>What a person said. <c>default</c> is no.</summary>
public enum ApprovalAnswer
{
    /// <summary>It is not approved.</summary>
    No = 0,

    /// <summary>This effect, once.</summary>
    Once,

    /// <summary>This effect, once; and its targets count as named by the user for the rest of the session.</summary>
    ThisValue,

    /// <summary>This effect, once; and what its source returns is trusted for the rest of the session.</summary>
    ThisSource,
}
