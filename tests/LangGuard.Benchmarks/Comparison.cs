namespace LangGuard.Benchmarks;

/// <summary>One row of the page.</summary>
/// <param name="Section">The table it belongs to.</param>
/// <param name="Name">The row's name, unique in its section.</param>
/// <param name="Aim">What it has to reach, if there is an aim.</param>
/// <param name="Open">Makes what is measured; null when it cannot be measured here.</param>
internal sealed record Comparison(string Section, string Name, Aim? Aim, Func<Pair?> Open)
{
    /// <summary>All of them, in the order of the page.</summary>
    public static IEnumerable<Comparison> All() =>
    [
        .. DecideComparisons.All(), .. FileComparisons.All(), .. HttpComparisons.All(), .. DatabaseComparisons.All(), .. InspectionComparisons.All(),
        .. FunctionComparisons.All(), .. MisuseComparisons.All(), .. AuditComparisons.All(),
    ];
}
