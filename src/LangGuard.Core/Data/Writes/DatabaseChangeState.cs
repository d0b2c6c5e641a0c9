namespace LangGuard.Data;

/// <summary>What has become of a change.</summary>
public enum DatabaseChangeState
{
    /// <summary>Its transaction has not ended, or nobody knows how.</summary>
    Open = 0,

    /// <summary>Done; can be undone.</summary>
    Done,

    /// <summary>It was undone.</summary>
    Undone,
}
