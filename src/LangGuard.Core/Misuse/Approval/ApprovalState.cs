namespace LangGuard.Misuse;

/// <summary>How far a request for approval has come. It only ever moves forward.</summary>
public enum ApprovalState
{
    /// <summary>Nobody has answered.</summary>
    Pending = 0,

    /// <summary>Approved once.</summary>
    Approved,

    /// <summary>Approved once, and its targets for the session.</summary>
    ApprovedWithValue,

    /// <summary>Approved once, and its source for the session.</summary>
    ApprovedWithSource,

    /// <summary>Rejected, or taken back.</summary>
    Rejected,

    /// <summary>Used up.</summary>
    Used,
}
