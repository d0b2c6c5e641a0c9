using System.Diagnostics;
using System.Globalization;

namespace LangGuard.Benchmarks;

/// <summary>What the misuse layers add to one decision, each time the fastest of many short batches: what a busy machine adds is left
/// out.</summary>
internal static class MisuseFastest
{
    private const int Batches = 200;
    private const int Count = 1_000;

    public static int Run()
    {
        // The first round is the compiler's.
        Measure(print: false);
        Measure(print: true);
        return 0;
    }

    private static void Measure(bool print)
    {
        foreach (var surface in Enum.GetValues<Surface>())
        {
            foreach (var tainted in new[] { false, true })
            {
                var without = Of(surface, tainted, layers: false);
                var with = Of(surface, tainted, layers: true);
                if (print)
                {
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"| {surface} | {(tainted ? "yes" : "no")} | {without.Decide:F0} ns | {with.Decide:F0} ns | {with.Decide - without.Decide:F0} ns | "
                        + $"{with.DecideBytes - without.DecideBytes} B | {without.Authorize:F0} ns | {with.Authorize:F0} ns | {with.AuthorizeBytes - without.AuthorizeBytes} B |"));
                }
            }
        }
    }

    private static (double Decide, long DecideBytes, double Authorize, long AuthorizeBytes) Of(Surface surface, bool tainted, bool layers)
    {
        var benchmark = new MisuseBenchmarks { Surface = surface, Tainted = tainted, Layers = layers };
        benchmark.Setup();
        var nothing = Fastest(() => benchmark.Nothing());
        var decide = Fastest(() => benchmark.Decide());
        var authorize = Fastest(() => benchmark.Authorize());
        benchmark.Cleanup();
        return (decide.Time - nothing.Time, decide.Bytes, authorize.Time - nothing.Time, authorize.Bytes);
    }

    private static (double Time, long Bytes) Fastest(Action work)
    {
        var time = double.MaxValue;
        var bytes = long.MaxValue;
        for (var batch = 0; batch < Batches; batch++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Count; i++)
            {
                work();
            }

            time = Math.Min(time, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Count);
            bytes = Math.Min(bytes, (GC.GetAllocatedBytesForCurrentThread() - before) / Count);
        }

        return (time, bytes);
    }
}
