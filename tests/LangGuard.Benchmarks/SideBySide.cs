using System.Diagnostics;
using System.Globalization;

namespace LangGuard.Benchmarks;

/// <summary>
/// A guarded call beside the plain one, in one process. Batches are short and alternate, and the fastest of each side counts: on a
/// busy machine that is one that nobody interrupted.
/// </summary>
internal static class SideBySide
{
    internal static void Compare(string work, string audit, int batches, int each, Action raw, Action guarded)
    {
        // Until the code is compiled as well as it will be.
        var warm = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(warm) < TimeSpan.FromSeconds(1))
        {
            Batch(raw, each);
            Batch(guarded, each);
        }

        var (r, g) = ((Microseconds: double.MaxValue, Bytes: double.MaxValue), (Microseconds: double.MaxValue, Bytes: double.MaxValue));
        for (var i = 0; i < batches; i++)
        {
            r = Least(r, Batch(raw, each));
            g = Least(g, Batch(guarded, each));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {work} | {audit} | {r.Microseconds:F1} us | {g.Microseconds:F1} us | {g.Microseconds / r.Microseconds:F2} | {g.Bytes - r.Bytes:F0} B |"));
    }

    private static (double Microseconds, double Bytes) Least((double Microseconds, double Bytes) one, (double Microseconds, double Bytes) other) =>
        (Math.Min(one.Microseconds, other.Microseconds), Math.Min(one.Bytes, other.Bytes));

    private static (double Microseconds, double Bytes) Batch(Action act, int each)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < each; i++)
        {
            act();
        }

        var time = Stopwatch.GetElapsedTime(start).TotalMicroseconds / each;
        return (time, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)each);
    }
}
