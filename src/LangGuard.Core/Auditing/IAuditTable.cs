namespace LangGuard.Auditing;

/// <summary>Where a database keeps audit records. Used by one thread at a time.</summary>
internal interface IAuditTable : IDisposable
{
    /// <summary>Connects, makes the tables where they are missing, and becomes their only writer. Called again after a
    /// failure.</summary>
    void Open();

    /// <summary>Shows records from a number on, in their order.</summary>
    void Read(long from, long count, Action<AuditRow> visit);

    /// <summary>The checkpoints that are kept beside the records, as text.</summary>
    string Checkpoints();

    /// <summary>Adds records: all of them, or none.</summary>
    /// <param name="rows">The records.</param>
    /// <param name="isDurable">Whether they must survive the loss of power.</param>
    void Append(IReadOnlyList<AuditRow> rows, bool isDurable);

    /// <summary>Adds a checkpoint.</summary>
    void Keep(AuditCheckpoint checkpoint);
}
