using System.Text;
using System.Text.RegularExpressions;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Records;

/// <summary>The page of public records names a test for each, and what can not happen by construction is proved on the source.</summary>
public sealed partial class PublicRecordTests
{
    private static readonly string Root = Path.GetDirectoryName(Configurations.RepositoryFile("LangGuard.sln"))!;

    [Fact]
    public void Every_record_has_a_test()
    {
        var tests = Directory.GetFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Method().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);

        PublicRecords.All.Where(record => !tests.Contains(record.Proof)).Select(record => record.Proof).Should().BeEmpty();
    }

    [Fact]
    public void The_page_is_current()
    {
        var path = Configurations.RepositoryFile("docs", "public-records.md");
        if (Environment.GetEnvironmentVariable("LANGGUARD_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, Page());
        }

        (File.ReadAllText(path) == Page()).Should().BeTrue("run this test with LANGGUARD_UPDATE_DOCS=1 to write it again");
    }

    [Fact]
    public void No_package_starts_programs_or_compiles_text() =>
        Uses(@"Process\.Start|ProcessStartInfo|Assembly\.Load|CSharpScript|BinaryFormatter|Expression\.Compile|DynamicMethod|TypeNameHandling").Should().BeEmpty();

    [Fact]
    public void No_package_reads_XML() => Uses(@"XmlReader|XDocument|XmlDocument|XmlSerializer").Should().BeEmpty();

    [Fact]
    public void No_package_expands_variables_of_the_environment() => Uses(@"ExpandEnvironmentVariables|JsonDerivedType|JsonPolymorphic").Should().BeEmpty();

    [Fact]
    public void The_search_of_these_tests_finds_something() => Uses(@"Path\.GetFileName").Should().NotBeEmpty();

    private static string[] Uses(string pattern) =>
        [.. Directory.GetFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadLines(file).Any(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && Regex.IsMatch(line, pattern)))
            .Select(file => Path.GetRelativePath(Root, file))];

    private static string Page()
    {
        var page = new StringBuilder("""
            # Public records

            What has gone wrong elsewhere, and the test that shows that it does not go wrong here. Records are public: CVE and GHSA numbers, issues,
            pull requests, reports. This page is made from the tests.

            """);
        foreach (var surface in PublicRecords.All.GroupBy(record => record.Surface))
        {
            page.Append($"\n## {surface.Key}\n\n| Record | What went wrong | Test |\n|---|---|---|\n");
            foreach (var record in surface)
            {
                page.Append($"| {record.Record} | {record.Problem} | `{record.Proof}` |\n");
            }
        }

        return page.ToString();
    }

    [GeneratedRegex(@"public (?:static )?(?:async Task|Task|void) ([A-Za-z_0-9]+)\(")]
    private static partial Regex Method();
}
