using System.Text;
using System.Text.RegularExpressions;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Threats;

/// <summary>The page of threats names every attack on the design with its rule and its tests.</summary>
public sealed partial class ThreatPageTests
{
    private const string Heading = "## Attacks on the design\n";

    [Fact]
    public void Every_attack_has_tests_that_exist()
    {
        var tests = Directory.GetFiles(Configurations.RepositoryFile("tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Method().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);

        Threats.All.Should().HaveCount(29).And.OnlyContain(threat => threat.Proofs.Length > 0);
        Threats.All.SelectMany(threat => threat.Proofs).Where(proof => !tests.Contains(proof)).Should().BeEmpty();
    }

    [Fact]
    public void The_page_of_threats_is_current()
    {
        var path = Configurations.RepositoryFile("docs", "threat-model.md");
        var page = File.ReadAllText(path);
        var start = page.IndexOf(Heading, StringComparison.Ordinal);
        start.Should().BePositive("the page ends with the section of attacks");
        if (Environment.GetEnvironmentVariable("LANGGUARD_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, page = page[..start] + Section());
        }

        (page[start..] == Section()).Should().BeTrue("run this test with LANGGUARD_UPDATE_DOCS=1 to write it again");
    }

    private static string Section()
    {
        var section = new StringBuilder(Heading).Append("\nEach with the rule that answers it and the tests that show it. This section is made from the tests.\n");
        var number = 0;
        foreach (var part in Threats.All.GroupBy(threat => threat.Part))
        {
            section.Append($"\n### {part.Key}\n\n| | Attack | Rule | Tests |\n|---|---|---|---|\n");
            foreach (var threat in part)
            {
                section.Append($"| {++number} | {threat.Attack} | {threat.Rule} | {string.Join("<br>", threat.Proofs.Select(proof => $"`{proof}`"))} |\n");
            }
        }

        return section.ToString();
    }

    [GeneratedRegex(@"public (?:static )?(?:async Task|Task|void) ([A-Za-z_0-9]+)\(")]
    private static partial Regex Method();
}
