using LangGuard.Http;
using LangGuard.Testing;
using LangGuard.Testing.Conformance;

namespace LangGuard.Conformance;

/// <summary>The <c>http</c> surface of the runner.</summary>
internal static class HttpConformance
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var options = new ConformanceArguments(arguments);
        using var corpus = Corpus(options["--ablate"]);
        var results = new List<ConformanceResult>();
        foreach (var test in options.Files.SelectMany(Load))
        {
            results.Add(await corpus.RunAsync(test));
        }

        return ResultWriter.Write("http", results, options["--json"], output);
    }

    /// <summary>The cases of a file.</summary>
    public static IEnumerable<HttpCase> Load(string file) => File.ReadLines(file).Where(line => line.Length > 0).Select(HttpCase.Parse);

    /// <summary>Runs cases with the rules that each of them has.</summary>
    /// <param name="ablated">The walls that are off, or null.</param>
    public static HttpCorpus Corpus(string? ablated = null)
    {
        var off = AblatedWalls.Parse(ablated);
        return new HttpCorpus((test, world) => Policy.Create(guard =>
        {
            off.Apply(guard);
            guard.LimitPermissions(allow =>
            {
                foreach (var rule in test.Rules)
                {
                    // The runner wrote what the servers say.
                    allow.Http(rule.StartsWith("deny ", StringComparison.OrdinalIgnoreCase) ? rule : rule + " trusted");
                }
            });
            guard.DefendInDepth(defense => defense.UseAddressResolver(world));
            guard.Collect<EgressOptions>().Transport = world;
        }));
    }
}
