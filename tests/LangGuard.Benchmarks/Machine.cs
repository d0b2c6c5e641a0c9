using System.Globalization;
using System.Runtime.InteropServices;

namespace LangGuard.Benchmarks;

/// <summary>What was measured on, and what else it did.</summary>
internal static class Machine
{
    /// <summary>How many processes ran or waited, on the average of the last minute.</summary>
    public static double Load => File.Exists("/proc/loadavg")
        ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture)
        : 0;

    public static string Describe(double load) => string.Create(CultureInfo.InvariantCulture,
        $"{DateTime.UtcNow:d MMMM yyyy}: {Environment.ProcessorCount} cores of {Processor()}, {RuntimeInformation.OSDescription} "
        + $"({RuntimeInformation.OSArchitecture}), {RuntimeInformation.FrameworkDescription}; load {load:0.0} at the start, {Load:0.0} at the end, of which this run is 1 to 2.");

    private static string Processor()
    {
        const string Info = "/proc/cpuinfo";
        var line = File.Exists(Info) ? File.ReadLines(Info).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? "an unnamed processor";
    }
}
