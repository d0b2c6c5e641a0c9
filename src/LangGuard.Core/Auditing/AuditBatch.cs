namespace LangGuard.Auditing;

/// <summary>Records that wait for one transaction, and those who wait for it.</summary>
internal sealed class AuditBatch
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal List<byte[]> Outcomes { get; } = [];

    internal List<byte[]> Intents { get; } = [];

    internal long Bytes { get; private set; }

    internal bool IsDurable { get; private set; }

    /// <summary>Whether somebody waits for a signature too.</summary>
    internal bool IsSigned { get; set; }

    internal Task Done => _done.Task;

    internal void Add(byte[] record, bool isIntent, bool isDurable)
    {
        (isIntent ? Intents : Outcomes).Add(record);
        Bytes += record.Length;
        IsDurable |= isDurable;
    }

    /// <summary>Takes over outcomes that a failed transaction did not write; there is room for them.</summary>
    internal void TakeOver(AuditBatch failed)
    {
        Outcomes.InsertRange(0, failed.Outcomes);
        Bytes += failed.Outcomes.Sum(outcome => (long)outcome.Length);
    }

    internal void Succeed() => _done.TrySetResult();

    internal void Fail(Exception failure)
    {
        _done.TrySetException(failure as AuditUnavailableException ?? new AuditUnavailableException("The audit table could not be written.", failure));

        // Outcomes wait for nobody; nobody may look at this one.
        _ = _done.Task.Exception;
    }
}
