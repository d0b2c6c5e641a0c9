using System.Diagnostics;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Documentation;

/// <summary>The page of measured results has every target, and the program that writes it works.</summary>
public sealed class PerformancePageTests
{
    /// <summary>The targets of the design with what each aims at.</summary>
    [Theory]
    [InlineData("`Policy.Decide`, allow, 100 rules, all default layers", "80 ns, 0 B")]
    [InlineData("the same with 10,000 rules, beside 100 (flat)", "1.10x, 0 B")]
    [InlineData("read 4 KiB through `IFile.ReadAllBytes`, buffered audit", "1.00x")]
    [InlineData("read 4 KiB through `IFile.ReadAllBytes`, write-ahead audit", "1.25x")]
    [InlineData("overwrite with undo on tmpfs", "1.30x")]
    [InlineData("HTTP request, keep-alive", "1.02x, 150 B")]
    [InlineData("SQLite point query", "1.10x")]
    [InlineData("PostgreSQL point query on loopback", "1.60x")]
    [InlineData("PostgreSQL 2 ms query on loopback", "1.03x")]
    [InlineData("statement inspection, cold, under 1 KiB", "15 us")]
    [InlineData("statement inspection, cached", "300 ns")]
    [InlineData("statement inspection, 16,000 characters beside 16 of 1,000 (linear)", "1.10x")]
    [InlineData("write-ahead audit, an operation", "3 us more")]
    public void The_page_has_the_target_with_what_was_reached(string target, string aim) =>
        File.ReadAllLines(Configurations.RepositoryFile("docs", "performance.md"))
            .Should().ContainSingle(line => line.StartsWith($"| {target} | {aim} | ", StringComparison.Ordinal))
            .Which.Should().MatchRegex(@"\| (met|missed.*|) \| \d+ of \d+ \|$");

    [Fact]
    public void The_readme_has_the_same_targets() =>
        Targets(Configurations.RepositoryFile("README.md")).Should().Be(Targets(Configurations.RepositoryFile("docs", "performance.md")));

    [Fact]
    public async Task Every_comparison_runs_has_its_row_and_allocates_nothing_where_that_is_promised()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "LangGuard.Benchmarks.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, "--smoke"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();

        process.ExitCode.Should().Be(0, await errors);
        (await output).Should().MatchRegex("([0-9]+) of \\1 comparisons");
    }

    private static string Targets(string page) => File.ReadAllText(page).Split("<!-- measured: targets -->")[1].Split("<!-- end: targets -->")[0];
}
