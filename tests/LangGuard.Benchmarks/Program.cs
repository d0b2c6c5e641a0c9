using System.Diagnostics;
using LangGuard.Benchmarks;

// Measures everything and writes docs/performance.md and the targets in README.md. Arguments: --smoke runs each comparison a few times and fails where something
// throws, allocates what it must not, or the page lacks a row; parts of names measure only the rows that hold one and print them.
if (args is [HttpServerProcess.Argument])
{
    return await HttpServerProcess.ServeAsync();
}

var smoke = args.Contains("--smoke");
var parts = args.Where(argument => argument is not ("--smoke" or "all")).ToList();
var comparisons = Comparison.All()
    .Where(one => parts.Count == 0 || parts.Exists(part => $"{one.Section} {one.Name}".Contains(part, StringComparison.OrdinalIgnoreCase))).ToList();
var load = Machine.Load;
var clock = Stopwatch.StartNew();
var results = new List<(Comparison, Measurement?)>();
var failures = smoke ? Page.Missing(comparisons).Select(name => $"{Page.Path} has no row \"{name}\"").ToList() : [];
foreach (var comparison in comparisons)
{
    try
    {
        using var pair = comparison.Open();
        var nothing = comparison.Aim is { PromisesNothingAllocated: true };
        Measurement? measured = pair is null ? null : smoke ? await SideBySide.TryAsync(pair, nothing) : await SideBySide.MeasureAsync(pair);
        results.Add((comparison, measured));
        Console.WriteLine(Page.Row(comparison, measured));
        if (smoke && nothing && measured is { MoreBytes: > 0 } allocating)
        {
            failures.Add($"{comparison.Section}, {comparison.Name}: allocates {Text.Bytes(allocating.MoreBytes)}");
        }
    }
    catch (Exception error)
    {
        failures.Add($"{comparison.Section}, {comparison.Name}: {error}");
    }
}

if (!smoke && parts.Count == 0 && failures.Count == 0)
{
    Page.Write(results, Machine.Describe(load));
    Console.WriteLine($"Wrote {Page.Path} and the targets in README.md.");
}

Console.WriteLine($"{results.Count} of {comparisons.Count} comparisons in {clock.Elapsed.TotalSeconds:0} s.");
failures.ForEach(Console.Error.WriteLine);
return failures.Count == 0 ? 0 : 1;
