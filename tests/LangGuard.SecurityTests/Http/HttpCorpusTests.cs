using LangGuard.Conformance;
using LangGuard.Testing;
using LangGuard.Testing.Conformance;

namespace LangGuard.SecurityTests.Http;

/// <summary>Every case of the corpus, through a real client over real sockets.</summary>
public sealed class HttpCorpusTests(HttpCorpusTests.Corpus corpus) : IClassFixture<HttpCorpusTests.Corpus>
{
    private static readonly Dictionary<string, HttpCase> All =
        HttpConformance.Load(Path.Combine(AppContext.BaseDirectory, "Corpora", "http.jsonl")).ToDictionary(test => test.Id);

    public static TheoryData<string> Ids => new(All.Keys);

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Holds(string id)
    {
        var result = await corpus.Runner.RunAsync(All[id]);

        result.Fails.Should().BeFalse(result.ToString());
    }

    [Fact]
    public async Task Would_fail_without_rules()
    {
        // The harness itself is honest: with the rules off, attacks on hosts and paths are seen to arrive.
        using var ablated = HttpConformance.Corpus("http-permissions,wire-rules");

        (await ablated.RunAsync(All["S-path-001"])).Outcome.Should().Be(ConformanceOutcome.Bypass);
        (await ablated.RunAsync(All["S-host-018"])).Outcome.Should().Be(ConformanceOutcome.Bypass);
        (await ablated.RunAsync(All["S-dns-002"])).Outcome.Should().Be(ConformanceOutcome.Passed, "the address check is another wall");
    }

    public sealed class Corpus : IDisposable
    {
        internal HttpCorpus Runner { get; } = HttpConformance.Corpus();

        public void Dispose() => Runner.Dispose();
    }
}
