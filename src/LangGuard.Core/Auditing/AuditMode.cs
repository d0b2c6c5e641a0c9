namespace LangGuard.Auditing;

/// <summary>What must be true of the record of an intent before its effect may happen.</summary>
internal enum AuditMode
{
    /// <summary>It has been handed to the operating system: it survives the end of the process, not the loss of
    /// power.</summary>
    WriteAhead = 0,

    /// <summary>It is on the disk. Waiting operations share one flush.</summary>
    Durable,

    /// <summary>Nothing: a record may be lost, and an operation runs although it could not be recorded.</summary>
    UnguardedBestEffort,
}
