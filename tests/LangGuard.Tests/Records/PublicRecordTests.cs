using System.Text;
using System.Text.RegularExpressions;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Records;

/// <summary>The page of public records has an entry for each known record, and each entry names a test that exists.</summary>
public sealed partial class PublicRecordTests
{
    [Fact]
    public void Every_known_record_has_an_entry() =>
        KnownRecords.All.Except(Ids()).Should().BeEmpty("each of them has gone wrong somewhere, so that a test shows that it does not here");

    [Fact]
    public void Every_entry_is_a_known_record() => Ids().Except(KnownRecords.All).Should().BeEmpty("else nothing notices when its entry is lost");

    [Fact]
    public void Every_record_has_a_test()
    {
        var sources = Directory.GetFiles(Configurations.RepositoryFile("tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToArray();
        var tests = sources.SelectMany(text => Method().Matches(text).Select(method => $"{Class().Match(text).Groups[1].Value}.{method.Groups[1].Value}"))
            .ToHashSet(StringComparer.Ordinal);
        var classes = sources.Select(text => Class().Match(text).Groups[1].Value).ToHashSet(StringComparer.Ordinal);

        Records().Select(record => record.Proof.TrimEnd(')').Split('('))
            .Where(proof => !tests.Contains(proof[0]) || (proof.Length > 1 && !classes.Contains(proof[1])))
            .Select(proof => string.Join(' ', proof)).Should().BeEmpty();
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

    private static IEnumerable<PublicRecord> Records() => PublicRecords.All.SelectMany(surface => surface.Records);

    /// <summary>Each number or name; a number alone goes with the name before it.</summary>
    private static HashSet<string> Ids()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var record in Records())
        {
            var project = string.Empty;
            foreach (var id in record.Ids.Split(", "))
            {
                var parts = id.Split(' ', 2);
                var continues = parts[0] is "PR" or "issue" || parts[0].StartsWith('#');
                project = continues ? project : parts[0];
                ids.Add(continues ? $"{project} {id}" : id);
            }
        }

        return ids;
    }

    private static string Page()
    {
        var page = new StringBuilder("""
            # Public records

            What has gone wrong elsewhere, and the test that shows that it does not go wrong here. Records are public: CVE and GHSA numbers, issues,
            pull requests, reports. This page is made from the tests.

            """);
        foreach (var (surface, records) in PublicRecords.All)
        {
            page.Append($"\n## {surface}\n\n| Record | What went wrong | Test |\n|---|---|---|\n");
            foreach (var record in records)
            {
                page.Append($"| {record.Ids} | {record.Problem} | `{record.Proof}` |\n");
            }
        }

        return page.ToString();
    }

    [GeneratedRegex(@"public (?:static )?(?:async Task|Task|void) ([A-Za-z_0-9]+)\(")]
    private static partial Regex Method();

    [GeneratedRegex(@"^(?:public|internal) (?:sealed |abstract |static |partial )*class (\w+)", RegexOptions.Multiline)]
    private static partial Regex Class();
}
