using System.Diagnostics;

namespace LangGuard.Benchmarks;

/// <summary>
/// Measures both sides in one process. Batches are short and alternate, and the fastest of each side counts: on a busy machine
/// that is one that nobody interrupted.
/// </summary>
internal static class SideBySide
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.6);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(3.7);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<Measurement> MeasureAsync(Pair pair)
    {
        // Until the code is compiled as well as it will be.
        var warm = await RunAsync(pair, WarmUp, 1, 1);
        var (plain, guarded) = (Each(pair, warm.Unguarded), Each(pair, warm.Guarded));
        warm = await RunAsync(pair, WarmUp, plain, guarded);
        return await RunAsync(pair, Measured, Each(pair, warm.Unguarded), Each(pair, warm.Guarded));
    }

    /// <summary>A few calls of each side. Where nothing may be allocated, until nothing is: code that is not yet compiled well may.</summary>
    public static async Task<Measurement> TryAsync(Pair pair, bool untilNothingIsAllocated)
    {
        var measured = await RunAsync(pair, TimeSpan.Zero, 3, 3);
        var start = Stopwatch.GetTimestamp();
        while (untilNothingIsAllocated && measured.MoreBytes > 0 && Stopwatch.GetElapsedTime(start) < Patience)
        {
            measured = await RunAsync(pair, TimeSpan.FromMilliseconds(50), 50, 50);
        }

        return measured;
    }

    private static int Each(Pair pair, Cost? cost) => cost is { } one ? (int)Math.Clamp(pair.Guarded.BatchNanoseconds / one.Nanoseconds, 1, 100_000) : 1;

    private static async Task<Measurement> RunAsync(Pair pair, TimeSpan time, int plainEach, int guardedEach)
    {
        var (plain, guarded) = (Cost.Most, Cost.Most);
        var start = Stopwatch.GetTimestamp();
        do
        {
            if (pair.Unguarded is { } unguarded)
            {
                plain = plain.Least(await unguarded.RunAsync(plainEach));
            }

            guarded = guarded.Least(await pair.Guarded.RunAsync(guardedEach));
            pair.Between?.Invoke();
        }
        while (Stopwatch.GetElapsedTime(start) < time);

        return new Measurement(pair.Unguarded is null ? null : plain, guarded);
    }
}
