using LangGuard.Conformance;
using LangGuard.Testing;
using LangGuard.Testing.Conformance;

namespace LangGuard.SecurityTests.Ablation;

/// <summary>Every layer and wall is left out in turn; the page says what then holds.</summary>
public sealed class AblationTests
{
    private const string Begin = "<!-- matrix: begin -->\n";
    private const string End = "<!-- matrix: end -->";

    [Fact]
    public async Task The_matrix_on_the_page_is_what_the_corpora_show()
    {
        string[] all = ["files", "http", "sqlite", "postgres", "mysql", "duckdb", "functions"];
        var surfaces = all.Where(HasWhatItNeeds).ToList();
        var matrix = await AblationMatrix.RunAsync(Path.Combine(AppContext.BaseDirectory, "Corpora"), surfaces);
        var path = Page();
        var text = await File.ReadAllTextAsync(path);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("LANGGUARD_UPDATE_DOCS") == "1")
        {
            surfaces.Should().Equal(all, "the page is written with LANGGUARD_TEST_POSTGRES and LANGGUARD_TEST_MYSQL naming servers");
            text = text[..from] + matrix.ToMarkdown() + text[to..];
            await File.WriteAllTextAsync(path, text);
            to = text.IndexOf(End, StringComparison.Ordinal);
        }

        matrix.Bypasses.Should().BeEmpty("with everything on nothing takes effect");
        foreach (var surface in surfaces)
        {
            matrix.HeldByOne(surface).Should().BeEmpty("no attack on {0} is held by one wall alone", surface);
        }

        // Where a server is missing, the other rows still have to be right.
        var rows = text[from..to].Split('\n').Where(row => !all.Except(surfaces).Any(missing => row.StartsWith($"| {missing} |", StringComparison.Ordinal)));
        string.Join('\n', rows).Should().Be(matrix.ToMarkdown(), "run this test with LANGGUARD_UPDATE_DOCS=1 to write the matrix again");
    }

    [Theory]
    [InlineData("http-permissions", "wire-rules")]
    [InlineData("addresses", "socket-gate")]
    [InlineData("url-form", "wire-url")]
    public async Task Each_of_two_walls_alone_holds_every_request_and_without_both_some_take_effect(string one, string other)
    {
        var attacks = HttpConformance.Load(Path.Combine(AppContext.BaseDirectory, "Corpora", "http.jsonl")).Where(test => !test.IsAllowed).ToList();

        (await BypassesAsync(attacks, one)).Should().Be(0);
        (await BypassesAsync(attacks, other)).Should().Be(0);
        (await BypassesAsync(attacks, $"{one},{other}")).Should().BePositive();
    }

    private static async Task<int> BypassesAsync(IEnumerable<HttpCase> attacks, string off)
    {
        using var corpus = HttpConformance.Corpus(off);
        corpus.HasControls = false;
        var count = 0;
        foreach (var attack in attacks)
        {
            count += (await corpus.RunAsync(attack)).Outcome == ConformanceOutcome.Bypass ? 1 : 0;
        }

        return count;
    }

    private static bool HasWhatItNeeds(string surface) => surface switch
    {
        "postgres" => Environment.GetEnvironmentVariable("LANGGUARD_TEST_POSTGRES") is { Length: > 0 },
        "mysql" => Environment.GetEnvironmentVariable("LANGGUARD_TEST_MYSQL") is { Length: > 0 },
        _ => true,
    };

    private static string Page()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var page = Path.Combine(folder.FullName, "docs", "defense-in-depth.md");
            if (File.Exists(page))
            {
                return page;
            }
        }

        throw new FileNotFoundException("docs/defense-in-depth.md is not above the tests.");
    }
}
