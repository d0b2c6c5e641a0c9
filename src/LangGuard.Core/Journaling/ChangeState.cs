namespace LangGuard;

/// <summary>What has become of a change.</summary>
public enum ChangeState
{
    /// <summary>Begun and not ended: it is going on, its transaction has not ended, or its process died and the journal has not been
    /// recovered.</summary>
    Open = 0,

    /// <summary>Done; can be undone.</summary>
    Done,

    /// <summary>It did not happen.</summary>
    Aborted,

    /// <summary>It was undone.</summary>
    Undone,

    /// <summary>Done, and what it replaced is not kept any more.</summary>
    Final,
}
