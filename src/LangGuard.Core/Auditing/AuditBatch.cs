namespace LangGuard.Auditing;

/// <summary>Records that wait for one transaction, and those who wait for it.</summary>
internal sealed class AuditBatch
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal List<byte[]> Outcomes { get; } = [];

    internal List<byte[]> Intents { get; } = [];

    internal long Bytes { get; private set; }

    internal bool IsDurable { get; private set; }

    internal Task Done => _done.Task;

    internal void Add(byte[] record, bool isIntent, bool isDurable)
    {
        (isIntent ? Intents : Outcomes).Add(record);
        Bytes += record.Length;
        IsDurable |= isDurable;
    }

    /// <summary>Takes over outcomes that a failed transaction did not write. False when there is no room.</summary>
    internal bool TakeOver(List<byte[]> outcomes, long room)
    {
        var size = outcomes.Sum(outcome => (long)outcome.Length);
        if (Bytes + size > room)
        {
            return false;
        }

        Outcomes.InsertRange(0, outcomes);
        Bytes += size;
        return true;
    }

    internal void Succeed() => _done.TrySetResult();

    internal void Fail(Exception failure)
    {
        _done.TrySetException(new AuditUnavailableException("The audit table could not be written.", failure));

        // Outcomes wait for nobody; nobody may look at this one.
        _ = _done.Task.Exception;
    }
}
