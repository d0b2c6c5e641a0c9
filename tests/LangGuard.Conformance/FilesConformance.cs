namespace LangGuard.Conformance;

/// <summary>The <c>files</c> surface of the runner.</summary>
public static class FilesConformance
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var options = new ConformanceArguments(arguments);
        var corpus = new FilesCorpus(options["--backend"], options["--ablate"]);
        var results = new List<CaseResult>();
        foreach (var test in options.Files.SelectMany(FilesCase.Load))
        {
            results.Add(await corpus.RunAsync(test));
        }

        return ConformanceReport.Write("files", results, options["--json"], output, "for another platform");
    }

    /// <summary>Runs the race and prints one line; exit code 1 when anything outside was reached.</summary>
    public static int Race(IReadOnlyList<string> arguments, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var options = new ConformanceArguments(arguments);
        var operations = int.Parse(options.Files[0], System.Globalization.CultureInfo.InvariantCulture);
        var result = FilesRace.Run(operations, options["--backend"] ?? "auto");
        foreach (var escape in result.Escapes)
        {
            output.WriteLine($"FAIL race bypass {escape}");
        }

        output.WriteLine(
            $"files-race: {result.Operations} operations, {result.Succeeded} completed, {result.Exchanges} exchanges, "
            + $"{result.Escapes.Count} outside effects");
        return result.Escapes.Count > 0 ? 1 : 0;
    }
}
