using System.Diagnostics;
using System.Globalization;

namespace LangGuard.Benchmarks;

/// <summary>Times of the HTTP guard without a network, each the fastest of many short batches: what a busy machine adds is
/// left out.</summary>
internal static class HttpFastest
{
    private const int Batches = 60;

    public static async Task<int> RunAsync()
    {
        // The first rounds are the compiler's.
        for (var round = 0; round < 3; round++)
        {
            Console.WriteLine(round < 2 ? "warming up" : "measured");
            await MeasureAsync();
        }

        return 0;
    }

    private static async Task MeasureAsync()
    {
        foreach (var rules in new[] { 1, 100, 10_000 })
        {
            var decision = new HttpDecisionBenchmark { Rules = rules };
            decision.Setup();
            Print($"endpoint rules, {rules}: allow", await FastestAsync(decision.Allow));
            Print($"endpoint rules, {rules}: deny", await FastestAsync(decision.Deny));
            Print($"endpoint rules, {rules}: encoded path", await FastestAsync(decision.EncodedPath));
        }

        foreach (var tracks in new[] { false, true })
        {
            var overhead = new HttpOverheadBenchmark { TracksContent = tracks };
            overhead.Setup();
            var layers = tracks ? "all default layers" : "rules and quotas only";
            Print("GET in memory, plain", await FastestAsync(overhead.Plain));
            Print($"GET in memory, {layers}", await FastestAsync(overhead.Guarded));
            overhead.Cleanup();
        }
    }

    private static ValueTask<(double Nanoseconds, long Bytes)> FastestAsync(Func<Decision> decide) => FastestAsync(5_000, () =>
    {
        decide();
        return null;
    });

    private static ValueTask<(double Nanoseconds, long Bytes)> FastestAsync(Func<Task<int>> get) => FastestAsync(1_000, get);

    private static async ValueTask<(double Nanoseconds, long Bytes)> FastestAsync(int count, Func<Task?> run)
    {
        var fastest = double.MaxValue;
        var bytes = long.MaxValue;
        for (var batch = 0; batch < Batches; batch++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++)
            {
                if (run() is { } task)
                {
                    await task;
                }
            }

            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalNanoseconds / count);
            bytes = Math.Min(bytes, (GC.GetTotalAllocatedBytes(precise: true) - before) / count);
        }

        return (fastest, bytes);
    }

    private static void Print(string what, (double Nanoseconds, long Bytes) cost) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{what}: {cost.Nanoseconds:F0} ns, {cost.Bytes} B"));
}
