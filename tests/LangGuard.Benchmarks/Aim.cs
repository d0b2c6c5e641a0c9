using System.Globalization;

namespace LangGuard.Benchmarks;

/// <summary>What a comparison has to reach: at most so many times the unguarded call, so much time, so much more time, so many bytes more.</summary>
/// <param name="What">The row of the table of targets that it belongs to; null: an aim beside that table.</param>
internal sealed record Aim(string? What = null, double? Ratio = null, double? Nanoseconds = null, double? MoreNanoseconds = null, double? MoreBytes = null)
{
    // The table of targets, in its order. Each has a row on the page, or the run fails.
    public static readonly Aim Decide = new("`Policy.Decide`, allow, 100 rules, all default layers", Nanoseconds: 80, MoreBytes: 0);
    public static readonly Aim Flat = new("the same with 10,000 rules, beside 100 (flat)", Ratio: 1.1, MoreBytes: 0);
    public static readonly Aim ReadBuffered = new("read 4 KiB through `IFile.ReadAllBytes`, buffered audit", Ratio: 1.0);
    public static readonly Aim ReadAhead = new("read 4 KiB through `IFile.ReadAllBytes`, write-ahead audit", Ratio: 1.25);
    public static readonly Aim Overwrite = new("overwrite with undo on tmpfs", Ratio: 1.3);
    public static readonly Aim Http = new("HTTP request, keep-alive", Ratio: 1.02, MoreBytes: 150);
    public static readonly Aim SqlitePoint = new("SQLite point query", Ratio: 1.1);
    public static readonly Aim PostgresPoint = new("PostgreSQL point query on loopback", Ratio: 1.6);
    public static readonly Aim PostgresReport = new("PostgreSQL 2 ms query on loopback", Ratio: 1.03);
    public static readonly Aim Cold = new("statement inspection, cold, under 1 KiB", Nanoseconds: 15_000);
    public static readonly Aim Cached = new("statement inspection, cached", Nanoseconds: 300);
    public static readonly Aim Linear = new("statement inspection, 16,000 characters beside 16 of 1,000 (linear)", Ratio: 1.1);
    public static readonly Aim WriteAhead = new("write-ahead audit, an operation", MoreNanoseconds: 3_000);

    public static IReadOnlyList<Aim> Table { get; } =
        [Decide, Flat, ReadBuffered, ReadAhead, Overwrite, Http, SqlitePoint, PostgresPoint, PostgresReport, Cold, Cached, Linear, WriteAhead];

    /// <summary>Whether a smoke run fails when it is missed by bytes; times never fail one.</summary>
    public bool IsPromise { get; init; } = true;

    public bool PromisesNothingAllocated => IsPromise && MoreBytes == 0;

    public override string ToString() => string.Join(", ", new[]
    {
        Ratio is { } ratio ? string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00}x") : null,
        Nanoseconds is { } time ? Text.Time(time) : null,
        MoreNanoseconds is { } more ? $"{Text.Time(more)} more" : null,
        MoreBytes is { } bytes ? Text.Bytes(bytes) : null,
    }.OfType<string>());

    /// <summary>How far above the aim it is at worst, as a factor: at most 1 is met. Judged as printed, so 1.004 is 1.00.</summary>
    public double Excess(Measurement measured) => new[]
    {
        Ratio is { } ratio ? Math.Round(measured.Ratio, 2) / ratio : 0,
        Nanoseconds is { } time ? measured.Guarded.Nanoseconds / time : 0,
        MoreNanoseconds is { } more ? measured.More / more : 0,
        MoreBytes is { } bytes ? Math.Round(measured.MoreBytes) <= bytes ? 0 : bytes == 0 ? double.PositiveInfinity : measured.MoreBytes / bytes : 0,
    }.Max();
}
