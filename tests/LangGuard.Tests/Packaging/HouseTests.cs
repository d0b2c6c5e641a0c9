using System.Text.RegularExpressions;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Packaging;

/// <summary>The source stays easy to enter: small files, one type each, names that mean something, no unfinished marks.</summary>
public sealed partial class HouseTests
{
    private static readonly string Root = Path.GetDirectoryName(Configurations.RepositoryFile("README.md"))!;

    private static readonly (string Name, string[] Lines)[] Sources =
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Select(file => (Path.GetRelativePath(Root, file), File.ReadAllLines(file))),
    ];

    [Fact]
    public void The_median_file_has_at_most_60_lines_and_none_over_400()
    {
        var lengths = Sources.Select(source => source.Lines.Length).Order().ToArray();

        lengths[lengths.Length / 2].Should().BeLessThanOrEqualTo(60);
        Sources.Where(source => source.Lines.Length > 400).Select(source => source.Name).Should().BeEmpty();
    }

    [Fact]
    public void Nothing_is_left_unfinished()
    {
        Sources.SelectMany(source => source.Lines.Where(line => Unfinished().IsMatch(line)).Select(line => $"{source.Name}: {line.Trim()}"))
            .Should().BeEmpty();
    }

    [Fact]
    public void No_folder_or_type_is_named_after_nothing()
    {
        Sources.Where(source => Nameless().IsMatch(source.Name)).Select(source => source.Name).Should().BeEmpty();
    }

    [Fact]
    public void One_type_stands_in_a_file()
    {
        Sources.Where(source => source.Lines.Count(line => TopLevelType().IsMatch(line)) > 1).Select(source => source.Name)
            .Should().BeEmpty();
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"(Utils?|Helpers?|Common|Manager|Impl|V2)(/|\.cs$)")]
    private static partial Regex Nameless();

    [GeneratedRegex(@"^(public |internal |file )?(static |sealed |abstract |readonly |ref |partial |unsafe )*(class|struct|interface|enum|record)\b")]
    private static partial Regex TopLevelType();
}
