using LangGuard.Conformance;

namespace LangGuard.SecurityTests.Ablation;

/// <summary>Every layer and wall is left out in turn; the page says what then holds.</summary>
public sealed class AblationTests
{
    private const string Begin = "<!-- matrix: begin -->\n";
    private const string End = "<!-- matrix: end -->";

    [Fact]
    public async Task The_matrix_on_the_page_is_what_the_corpora_show()
    {
        var matrix = await AblationMatrix.RunAsync(
            Path.Combine(AppContext.BaseDirectory, "Corpora"), ["files", "http", "sqlite", "functions"]);
        var path = Page();
        var text = await File.ReadAllTextAsync(path);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("LANGGUARD_UPDATE_DOCS") == "1")
        {
            text = text[..from] + matrix.ToMarkdown() + text[to..];
            await File.WriteAllTextAsync(path, text);
            to = text.IndexOf(End, StringComparison.Ordinal);
        }

        matrix.Bypasses.Should().BeEmpty("with everything on nothing takes effect");
        text[from..to].Should().Be(matrix.ToMarkdown(), "run this test with LANGGUARD_UPDATE_DOCS=1 to write the matrix again");
    }

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
