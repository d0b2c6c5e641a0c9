namespace LangGuard.Auditing;

/// <summary>Keeps audit records. A sink that throws turns the operation into a denial: an allow whose record cannot be
/// written does not happen.</summary>
public interface IAuditSink
{
    /// <summary>Writes one record. Called on the thread of the operation, from many threads at once.</summary>
    void Write(in AuditRecord record);

    /// <summary>Writes one record without blocking a thread. Default: <see cref="Write"/>.</summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Cancelled when the sink has been waited for long enough.</param>
    ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        Write(record);
        return ValueTask.CompletedTask;
    }
}
