using LangGuard.Conformance;
using LangGuard.Testing;

namespace LangGuard.SecurityTests.Http;

/// <summary>The project's own cases: many more hosts, paths, headers, bodies and redirects, honest ones and attacks.</summary>
public sealed class HttpMoreCorpusTests
{
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "Corpora", "http-more.jsonl");

    [Fact]
    public async Task Every_case_holds()
    {
        using var corpus = HttpConformance.Corpus();
        var failed = new List<string>();
        foreach (var test in HttpConformance.Load(File))
        {
            var result = await corpus.RunAsync(test);
            if (result.Fails)
            {
                failed.Add(result.ToString());
            }
        }

        failed.Should().BeEmpty();
    }

    /// <summary>The corpus would notice the loss of the rules.</summary>
    [Fact]
    public async Task Without_the_rules_attacks_on_paths_arrive()
    {
        using var corpus = HttpConformance.Corpus("http-permissions,wire-rules");
        corpus.HasControls = false;
        var bypasses = 0;
        foreach (var test in HttpConformance.Load(File).Where(
            test => !test.IsAllowed && (test.Id.StartsWith("X-path-", StringComparison.Ordinal) || test.Id.StartsWith("X-slot-", StringComparison.Ordinal))))
        {
            bypasses += (await corpus.RunAsync(test)).Outcome == ConformanceOutcome.Bypass ? 1 : 0;
        }

        bypasses.Should().BeGreaterThan(20);
    }
}
