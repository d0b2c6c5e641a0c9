using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Documentation;

/// <summary>The page of all rule ids is made from the reasons in the code, so that none is missing or out of date.</summary>
public sealed partial class RulesPageTests
{
    private static readonly string[] Packages =
        ["LangGuard.Core", "LangGuard", "LangGuard.AspNetCore", "LangGuard.Sqlite", "LangGuard.PostgreSql", "LangGuard.MySql", "LangGuard.DuckDb", "LangGuard.SqlServer", "LangGuard.OpenApi"];

    [Fact]
    public void The_page_of_rules_is_current()
    {
        var path = Configurations.RepositoryFile("docs", "rules.md");
        if (Environment.GetEnvironmentVariable("LANGGUARD_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, Page());
        }

        Page().Split('\n').Except(File.ReadAllLines(path)).Should().BeEmpty("run this test with LANGGUARD_UPDATE_DOCS=1 to write these lines");
        (File.ReadAllText(path) == Page()).Should().BeTrue("run this test with LANGGUARD_UPDATE_DOCS=1 to write the page again");
    }

    [Fact]
    public void Every_rule_id_has_the_form_surface_and_kebab_case() =>
        Reasons().Should().HaveCountGreaterThan(100)
            .And.AllSatisfy(reason => reason.Rule.Should().MatchRegex("^[a-z]+(-[a-z]+)*\\.[a-z0-9]+(-[a-z0-9]+)*$"));

    [Fact]
    public void Every_rule_that_a_page_names_exists()
    {
        var root = Path.GetDirectoryName(Configurations.RepositoryFile("README.md"))!;
        var pages = Directory.GetFiles(root, "*.md").Concat(Directory.GetFiles(Path.Combine(root, "docs"), "*.md")).ToArray();
        string[] NamesIn(string page) => [.. Name().Matches(File.ReadAllText(page)).Select(match => match.Groups[1].Value)];
        var surfaces = Reasons().Select(reason => reason.Rule.Split('.')[0]).ToHashSet(StringComparer.Ordinal);
        var known = Reasons().Select(reason => reason.Rule)
            .Concat(NamesIn(Path.Combine(root, "docs", "findings.md"))).ToHashSet(StringComparer.Ordinal);

        var named = pages.SelectMany(page => NamesIn(page).Select(name => (Page: Path.GetFileName(page), Name: name)))
            .Where(found => surfaces.Contains(found.Name.Split('.')[0])).ToArray();

        named.Select(found => found.Name).Distinct().Should().HaveCountGreaterThan(140);
        named.Where(found => !known.Contains(found.Name)).Select(found => $"{found.Page}: {found.Name}").Should().BeEmpty();
    }

    [GeneratedRegex("`([a-z]+(?:-[a-z]+)*\\.[a-z0-9]+(?:-[a-z0-9]+)*)`")]
    private static partial Regex Name();

    private static IEnumerable<Reason> Reasons() => Packages
        .SelectMany(package => Assembly.Load(package).GetTypes())
        .Where(type => !type.ContainsGenericParameters)
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .SelectMany(field => field.FieldType == typeof(Reason) ? [(Reason?)field.GetValue(null)]
            : field.FieldType.IsAssignableTo(typeof(IEnumerable<Reason?>)) ? (IEnumerable<Reason?>)field.GetValue(null)!
            : [])
        .OfType<Reason>();

    private static string Page()
    {
        var page = new StringBuilder("""
            # Rules

            Every denial carries the id of one rule. The id is stable and never reused; the text beside it is what the model is told.
            This page is made from the code.

            """);
        foreach (var surface in Reasons().GroupBy(reason => reason.Rule.Split('.')[0]).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            page.Append($"\n## {surface.Key}\n\n| Rule | Text | What helps | Setting |\n|---|---|---|---|\n");
            foreach (var rule in surface.GroupBy(reason => reason.Rule).OrderBy(group => group.Key, StringComparer.Ordinal))
            {
                page.Append($"| `{rule.Key}` | {Join(rule.Select(reason => reason.Message))} | {Join(rule.Select(reason => Help(reason.Retry)))} | ");
                page.Append($"{Join(rule.Select(reason => reason.Setting).OfType<string>().Select(setting => $"`{setting}`"))} |\n");
            }
        }

        return page.ToString();
    }

    private static string Join(IEnumerable<string> texts) =>
        string.Join("<br>", texts.Distinct().Order(StringComparer.Ordinal)).Replace("|", "\\|", StringComparison.Ordinal);

    private static string Help(Retry retry) => retry switch
    {
        Retry.ChangeArguments => "other arguments",
        Retry.AskUser => "a person decides",
        Retry.Later => "later",
        _ => "nothing",
    };
}
