using System.Diagnostics;

namespace LangGuard.Benchmarks;

/// <summary>One side of a comparison: a call that is repeated in batches.</summary>
internal sealed class Work
{
    private readonly Action? _call;
    private readonly Func<Task>? _callAsync;

    public Work(Action call) => _call = call;

    public Work(Func<Task> call) => _callAsync = call;

    /// <summary>How long a batch takes: a short one is less often interrupted, but what a request allocates depends on how its
    /// bytes arrive, and needs many of them.</summary>
    public double BatchNanoseconds => _call is null ? 10_000_000 : 500_000;

    /// <summary>What one call costs in a batch of some.</summary>
    public async ValueTask<Cost> RunAsync(int count)
    {
        if (_call is null)
        {
            return await RunTasksAsync(count);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            _call();
        }

        var time = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        return new Cost(time / count, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)count);
    }

    // A task may go on in another thread: the bytes of all threads count.
    private async ValueTask<Cost> RunTasksAsync(int count)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            await _callAsync!();
        }

        var time = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        return new Cost(time / count, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)count);
    }
}
