using LangGuard.Conformance;
using LangGuard.Testing;
using LangGuard.Testing.Conformance;

namespace LangGuard.SecurityTests.Files;

/// <summary>Every case of the corpus on real files, by each way of confinement.</summary>
public sealed class FilesCorpusTests
{
    private static readonly Dictionary<string, FilesCase> All =
        FilesConformance.Load(Path.Combine(AppContext.BaseDirectory, "Corpora", "filesystem.jsonl")).ToDictionary(test => test.Id);

    public static TheoryData<string> Ids => new(All.Keys);

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Holds_as_configured(string id) => await CheckAsync(id, "auto");

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Holds_by_the_handle_walk(string id) => await CheckAsync(id, "walk");

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Holds_by_the_portable_backend(string id) => await CheckAsync(id, "portable");

    /// <summary>Without the layer, the attacks that only it stops succeed: the corpus would notice its loss.</summary>
    [Theory]
    [InlineData("sensitive-files,sensitive-names", 20)]
    [InlineData("hard-links,file-permissions", 3)]
    public async Task Without_both_walls_attacks_succeed(string layer, int atLeast)
    {
        var corpus = FilesConformance.Corpus(ablated: layer);
        var bypasses = 0;
        foreach (var test in All.Values.Where(test => !test.IsAllowed))
        {
            bypasses += (await corpus.RunAsync(test)).Outcome == ConformanceOutcome.Bypass ? 1 : 0;
        }

        bypasses.Should().BeGreaterThanOrEqualTo(atLeast);
    }

    private static async Task CheckAsync(string id, string backend)
    {
        var result = await FilesConformance.Corpus(backend).RunAsync(All[id]);

        result.Fails.Should().BeFalse(result.ToString());
    }
}
