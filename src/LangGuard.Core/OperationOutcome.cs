namespace LangGuard;

/// <summary>What an operation really did.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="BytesIn">Bytes that came back to the agent.</param>
/// <param name="BytesOut">Bytes that the agent sent or wrote.</param>
/// <param name="Rows">Rows returned or affected.</param>
public readonly record struct OperationOutcome(
    OutcomeStatus Status, long BytesIn = 0, long BytesOut = 0, long Rows = 0)
{
    /// <summary>The wall behind the decision that stopped the operation, such as a limit or an address; null when none did.</summary>
    public Reason? StoppedBy { get; init; }

    /// <summary>The operation had its effect.</summary>
    public static OperationOutcome Success(long bytesIn = 0, long bytesOut = 0, long rows = 0) =>
        new(OutcomeStatus.Succeeded, bytesIn, bytesOut, rows);
}
