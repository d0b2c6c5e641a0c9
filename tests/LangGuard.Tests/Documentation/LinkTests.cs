using System.Text.RegularExpressions;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Documentation;

/// <summary>Links between pages lead somewhere.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void Every_relative_link_has_its_file()
    {
        var root = Path.GetDirectoryName(Configurations.RepositoryFile("README.md"))!;
        var pages = Directory.GetFiles(root, "*.md").Concat(Directory.GetFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories));
        var broken = pages.SelectMany(page => Link().Matches(File.ReadAllText(page))
                .Select(match => match.Groups[1].Value.Split('#')[0])
                .Where(link => link.Length > 0 && !link.Contains(':', StringComparison.Ordinal))
                .Where(link => !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, link)))
                .Select(link => $"{Path.GetFileName(page)} -> {link}"));

        broken.Should().BeEmpty();
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
