namespace LangGuard.Conformance;

/// <summary>The <c>files</c> surface of the runner.</summary>
public static class FilesConformance
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var options = new ConformanceArguments(arguments);
        var corpus = new FilesCorpus(options["--backend"]);
        var results = new List<CaseResult>();
        foreach (var test in options.Files.SelectMany(FilesCase.Load))
        {
            results.Add(await corpus.RunAsync(test));
        }

        return ConformanceReport.Write("files", results, options["--json"], output, "for another platform");
    }
}
