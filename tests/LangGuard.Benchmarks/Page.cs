using System.Text;

namespace LangGuard.Benchmarks;

/// <summary>The page of results: what stands between two markers is written by a run, everything else by people.</summary>
internal static class Page
{
    /// <summary>What the row of a comparison that could not be measured says.</summary>
    private const string NotMeasured = "not measured";

    /// <summary>The page in the repository that this program was built in.</summary>
    public static string Path => System.IO.Path.Combine(Repository, "docs", "performance.md");

    private static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "LangGuard.sln")))
            {
                folder = folder.Parent;
            }

            return folder?.FullName ?? throw new DirectoryNotFoundException("There is no repository around this program.");
        }
    }

    /// <summary>The names of the rows that the page should have and has not.</summary>
    public static IEnumerable<string> Missing(IEnumerable<Comparison> comparisons)
    {
        var page = File.ReadAllText(Path);
        return Aim.Table.Select(aim => aim.What!).Concat(comparisons.Select(comparison => comparison.Name))
            .Where(name => !page.Contains($"| {name} |", StringComparison.Ordinal));
    }

    public static void Write(IReadOnlyList<(Comparison Comparison, Measurement? Measured)> results, string machine)
    {
        var targets = Targets(results);
        Put(Path, [("machine", machine + "\n"), ("targets", targets), .. results.GroupBy(result => result.Comparison.Section)
            .Select(section => (section.Key, Rows(section)))]);
        Put(System.IO.Path.Combine(Repository, "README.md"), [("targets", targets)]);
    }

    /// <summary>One row: both sides, the aim, and whether it is met.</summary>
    public static string Row(Comparison comparison, Measurement? result)
    {
        if (result is not { } measured)
        {
            return $"| {comparison.Name} | | {NotMeasured} | | | {comparison.Aim} | |";
        }

        var plain = measured.Unguarded is { } cost ? Text.Time(cost.Nanoseconds) : string.Empty;
        var ratio = measured.Unguarded is null ? string.Empty : Text.Ratio(measured.Ratio);
        return $"| {comparison.Name} | {plain} | {Text.Time(measured.Guarded.Nanoseconds)} | {ratio} | {Text.Bytes(measured.MoreBytes)} | "
            + $"{comparison.Aim} | {Verdict(comparison.Aim, measured)} |";
    }

    private static string Rows(IEnumerable<(Comparison Comparison, Measurement? Measured)> results)
    {
        var rows = new StringBuilder("| what | unguarded | guarded | ratio | allocated more | aim, at most | |\n|---|--:|--:|--:|--:|--:|---|\n");
        foreach (var (comparison, measured) in results)
        {
            rows.Append(Row(comparison, measured)).Append('\n');
        }

        return rows.ToString();
    }

    /// <summary>The table of targets: of the rows that belong to one, the worst.</summary>
    private static string Targets(IReadOnlyList<(Comparison Comparison, Measurement? Measured)> results)
    {
        var rows = new StringBuilder("| target | aim, at most | reached at worst | | rows that meet it |\n|---|--:|--:|---|--:|\n");
        foreach (var aim in Aim.Table)
        {
            var own = results.Where(result => result.Comparison.Aim == aim).ToList();
            var measured = own.Select(result => result.Measured).OfType<Measurement>().OrderByDescending(aim.Excess).ToList();
            rows.Append(measured.Count == 0
                ? $"| {aim.What} | {aim} | {NotMeasured} | | 0 of {own.Count} |\n"
                : $"| {aim.What} | {aim} | {Reached(aim, measured[0])} | {Verdict(aim, measured[0])} | {measured.Count(one => aim.Excess(one) <= 1)} of {own.Count} |\n");
        }

        return rows.ToString();
    }

    private static string Reached(Aim aim, Measurement measured) => string.Join(", ", new[]
    {
        aim.Ratio is null ? null : Text.Ratio(measured.Ratio),
        aim.Nanoseconds is null ? null : Text.Time(measured.Guarded.Nanoseconds),
        aim.MoreNanoseconds is null ? null : $"{Text.Time(measured.More)} more",
        aim.MoreBytes is null ? null : Text.Bytes(measured.MoreBytes),
    }.OfType<string>());

    private static string Verdict(Aim? aim, Measurement measured) => aim is null ? string.Empty : aim.Excess(measured) switch
    {
        <= 1 => "met",
        double.PositiveInfinity => "missed",
        var excess => $"missed, {Text.Ratio(excess)} of the aim",
    };

    private static void Put(string path, IEnumerable<(string Section, string Content)> contents)
    {
        var page = File.ReadAllText(path);
        foreach (var (section, content) in contents)
        {
            var (start, end) = ($"<!-- measured: {section} -->\n", $"<!-- end: {section} -->");
            var (from, to) = (page.IndexOf(start, StringComparison.Ordinal), page.IndexOf(end, StringComparison.Ordinal));
            page = from < 0 || to < from
                ? throw new InvalidDataException($"{path} has no place for {section}: {start}...{end}")
                : string.Concat(page.AsSpan(0, from + start.Length), content, page.AsSpan(to));
        }

        File.WriteAllText(path, page);
    }
}
