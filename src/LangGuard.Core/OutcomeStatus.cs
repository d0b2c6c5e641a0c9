namespace LangGuard;

/// <summary>How an operation ended.</summary>
public enum OutcomeStatus
{
    /// <summary>It failed, or its guard never said how it ended.</summary>
    Failed = 0,

    /// <summary>It had its effect.</summary>
    Succeeded,

    /// <summary>It was not allowed to run.</summary>
    Denied,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}
