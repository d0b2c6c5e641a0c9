using LangGuard.Conformance;
using LangGuard.Testing;

namespace LangGuard.SecurityTests.Files;

/// <summary>The project's own cases: many more names, links, patterns and sensitive files, honest ones and attacks.</summary>
public sealed class FilesMoreCorpusTests
{
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "Corpora", "filesystem-more.jsonl");

    [Theory]
    [InlineData("auto")]
    [InlineData("walk")]
    [InlineData("portable")]
    public async Task Every_case_holds(string backend)
    {
        // What happens without a guard is the same for each of them.
        var corpus = FilesConformance.Corpus(backend);
        corpus.HasControls = backend == "auto";
        var failed = new List<string>();
        foreach (var test in FilesConformance.Load(File))
        {
            var result = await corpus.RunAsync(test);
            if (result.Fails)
            {
                failed.Add(result.ToString());
            }
        }

        failed.Should().BeEmpty();
    }

    /// <summary>The corpus would notice the loss of the catalogue.</summary>
    [Fact]
    public async Task Without_the_catalogue_attacks_succeed()
    {
        var corpus = FilesConformance.Corpus(ablated: "sensitive-files,sensitive-names");
        corpus.HasControls = false;
        var bypasses = 0;
        foreach (var test in FilesConformance.Load(File).Where(test => test is { IsAllowed: false, Technique: "secret" }))
        {
            bypasses += (await corpus.RunAsync(test)).Outcome == ConformanceOutcome.Bypass ? 1 : 0;
        }

        bypasses.Should().BeGreaterThan(200);
    }
}
