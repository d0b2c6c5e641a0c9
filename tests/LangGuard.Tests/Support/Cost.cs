using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LangGuard.Tests.Support;

/// <summary>How work grows with its input, by the processor time of this thread: what else runs on the machine does not
/// count.</summary>
internal static partial class Cost
{
    private const int Factor = 16;

    /// <summary>Work on an input sixteen times as long takes far less than the square of that.</summary>
    public static void ShouldBeLinear(int length, Action<int> work)
    {
        work(length);
        var small = Measure(length, work);
        var large = Measure(length * Factor, work);

        ((double)large / small).Should().BeLessThan(Factor * Factor / 2, "linear work takes {0} times as long", Factor);
    }

    private static long Measure(int length, Action<int> work)
    {
        var best = long.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var before = ThreadTime();
            work(length);
            best = Math.Min(best, ThreadTime() - before);
        }

        return Math.Max(best, 1);
    }

    /// <summary>In nanoseconds or ticks; only ratios count.</summary>
    private static long ThreadTime()
    {
        const int threadClock = 3;
        return OperatingSystem.IsLinux() && ReadClock(threadClock, out var time) == 0
            ? (time.Seconds * 1_000_000_000) + time.Nanoseconds
            : Stopwatch.GetTimestamp();
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ReadClock(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
