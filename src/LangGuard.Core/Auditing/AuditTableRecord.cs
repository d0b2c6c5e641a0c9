namespace LangGuard.Auditing;

/// <summary>Who waits for a record of a table.</summary>
internal enum AuditTableRecord
{
    /// <summary>Nobody: a denial, or a record of what the host lets run unrecorded.</summary>
    Notice,

    /// <summary>An operation: when it can not be written it is dropped, because then what it announces does not happen.</summary>
    Intent,

    /// <summary>Nobody, but it says what was done, so that room is kept for it.</summary>
    Outcome,
}
