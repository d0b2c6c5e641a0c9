using LangGuard.Misuse;

namespace LangGuard.SecurityTests.Faults;

/// <summary>A store of usage that fails in one way while it is told to.</summary>
internal sealed class FlakyUsageStore(string how, ManualResetEventSlim? gate = null) : IUsageStore
{
    private readonly InMemoryUsageStore _inner = new();
    private int _reserved;
    private int _settled;

    internal volatile bool Fails;

    internal int Reserved => Volatile.Read(ref _reserved);

    internal int Settled => Volatile.Read(ref _settled);

    public UsageTotals Reserve(UsageReservation reservation, DateTimeOffset now)
    {
        Interlocked.Increment(ref _reserved);
        if (!Fails)
        {
            return _inner.Reserve(reservation, now);
        }

        switch (how)
        {
            case "usage throws":
                throw new InvalidOperationException("Server=db;Password=hunter2");
            case "usage is cancelled":
                throw new OperationCanceledException("hunter2");
            case "usage hangs":
                gate!.Wait();
                return _inner.Reserve(reservation, now);
            case "usage says nothing":
                return default;
            case "usage says less than nothing":
                return new UsageTotals(long.MinValue, -1, -1, -1, -1, -1, TimeSpan.MinValue);
            default:
                return _inner.Reserve(reservation, now) with { Calls = long.MaxValue, ReservedOut = long.MaxValue, BytesOut = long.MaxValue };
        }
    }

    public void Settle(UsageReservation reservation, OperationOutcome outcome, DateTimeOffset now)
    {
        Interlocked.Increment(ref _settled);
        _inner.Settle(reservation, outcome, now);
    }
}
