using LangGuard.Testing;

namespace LangGuard.Conformance;

/// <summary>The <c>functions</c> surface of the runner.</summary>
public static class FunctionsConformance
{
    /// <summary>Replays each folder of traces; the exit code.</summary>
    public static Task<int> RunAsync(string[] arguments, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var options = new ConformanceArguments(arguments);
        var results = new List<ConformanceResult>();
        foreach (var folder in options.Files)
        {
            var corpus = new FunctionCorpus(folder, options["--ablate"]);
            results.AddRange(corpus.Run());
            output.WriteLine(
                $"{Path.GetFileName(folder.TrimEnd('/'))}: {corpus.Blocked} of {corpus.Pairs} pairs blocked, "
                + $"{corpus.Escalated} of {corpus.GuardedCalls} guarded user calls escalated, "
                + $"{corpus.TasksWithoutPerson} user tasks without a person, {corpus.HardDenials} hard denials");
        }

        return Task.FromResult(ResultWriter.Write("functions", results, options["--json"], output));
    }
}
