namespace LangGuard.Misuse;

/// <summary>What one attempt reserves in a shared quota.</summary>
/// <param name="Id">A unique id of the attempt.</param>
/// <param name="Scope">Who shares the quota: an agent on behalf of a principal of a tenant.</param>
/// <param name="BytesOut">Bytes that are known to leave. 0 or more.</param>
/// <param name="Period">After this long the totals of the scope begin anew; null for never.</param>
/// <param name="Expires">When the reservation lapses, if nobody has settled it.</param>
public sealed record UsageReservation(string Id, string Scope, long BytesOut, TimeSpan? Period, DateTimeOffset Expires);
