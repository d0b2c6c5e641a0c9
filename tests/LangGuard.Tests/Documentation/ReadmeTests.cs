namespace LangGuard.Tests.Documentation;

/// <summary>The readme keeps its promise to a reader who has ten minutes.</summary>
public sealed class ReadmeTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Pages.Root, "README.md"));

    [Fact]
    public void Is_read_in_ten_minutes()
    {
        Lines.Length.Should().BeLessThanOrEqualTo(200);
    }

    [Fact]
    public void Says_in_one_sentence_what_it_is()
    {
        Lines[0].Should().Be("# LangGuard");
        Lines[2].Should().EndWith(".");
        Lines[2][..^1].Should().NotContain(". ");
        Lines[3].Should().BeEmpty();
        Lines[4].Should().StartWith("```csharp");
    }

    [Fact]
    public void Shows_a_denial_by_line_15()
    {
        Lines.Take(15).Should().Contain(line => line.Contains("AccessDeniedException: files.outside-root", StringComparison.Ordinal));
    }

    [Fact]
    public void Has_its_outline()
    {
        Lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Should().Equal(
            "## Install", "## Quick start", "## The three practices", "## The guards", "## Measured", "## What is not protected",
            "## Samples", "## Licence");
    }
}
