namespace LangGuard.Conformance;

/// <summary>The <c>http</c> surface of the runner.</summary>
public static class HttpConformance
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var options = new ConformanceArguments(arguments);
        using var corpus = new HttpCorpus(options["--ablate"]);
        var results = new List<CaseResult>();
        foreach (var test in options.Files.SelectMany(HttpCase.Load))
        {
            results.Add(await corpus.RunAsync(test));
        }

        return ConformanceReport.Write("http", results, options["--json"], output);
    }
}
