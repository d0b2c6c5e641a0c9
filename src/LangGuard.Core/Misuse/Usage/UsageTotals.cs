namespace LangGuard.Misuse;

/// <summary>What one scope has used in its period and has reserved.</summary>
/// <param name="Calls">Attempts, denied ones included.</param>
/// <param name="Running">Reservations that are not settled.</param>
/// <param name="BytesIn">Bytes that came back to agents.</param>
/// <param name="BytesOut">Bytes that were sent or written.</param>
/// <param name="ReservedOut">Bytes that are reserved to be sent or written.</param>
/// <param name="Rows">Rows returned or affected.</param>
/// <param name="Time">Running time of all operations, those that still run included.</param>
public readonly record struct UsageTotals(
    long Calls, long Running, long BytesIn, long BytesOut, long ReservedOut, long Rows, TimeSpan Time);
