using LangGuard.Testing;

namespace LangGuard.Conformance;

/// <summary>The <c>sql</c> surface of the runner.</summary>
public static class SqlConformance
{
    public static Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var options = new ConformanceArguments(arguments);
        using var worlds = new SqlWorlds(options["--schemas"] ?? throw new ArgumentException("--schemas names no file.", nameof(arguments)));
        var corpus = new SqlCorpus(worlds, options["--ablate"]) { HasControls = options["--controls"] != "off" };
        var engines = (options["--engines"] ?? "sqlite,postgres,duckdb").Split(',', StringSplitOptions.RemoveEmptyEntries);
        var results = new List<ConformanceResult>();
        var parsed = Array.IndexOf(engines, "tsql") >= 0 && Environment.GetEnvironmentVariable(SqlCorpus.SqlServerVariable) is null
            ? new ParsedSqlCorpus(options["--schemas"]!)
            : null;
        foreach (var test in options.Files.SelectMany(SqlCase.Load))
        {
            var found = engines.Where(test.IsFor).ToArray();
            results.AddRange(found.Select(engine => engine == "tsql" && parsed is not null ? parsed.Run(test) : corpus.Run(test, engine)));
            if (found.Length == 0)
            {
                results.Add(new ConformanceResult(test.Id, ConformanceOutcome.Skipped, test.Dialect));
            }
        }

        if (parsed is not null)
        {
            output.WriteLine(
                $"sql tsql: inspected and read by ScriptDom; runs on a server skipped: {SqlCorpus.SqlServerVariable} names no server");
        }

        return Task.FromResult(ResultWriter.Write("sql", results, options["--json"], output, "for another engine"));
    }
}
