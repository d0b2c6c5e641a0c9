using System.Globalization;

namespace LangGuard.Benchmarks;

/// <summary>Figures as they are printed.</summary>
internal static class Text
{
    public static string Time(double nanoseconds) => Math.Abs(nanoseconds) switch
    {
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:0} ns"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e3:#,0.##} us"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:#,0.##} ms"),
    };

    public static string Bytes(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes:#,0} B");

    public static string Ratio(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00}x");
}
