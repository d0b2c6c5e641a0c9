using System.Text.RegularExpressions;

namespace LangGuard.Tests.Documentation;

/// <summary>Links between pages lead somewhere.</summary>
public sealed partial class LinkTests
{
    private static readonly (string Page, string File, string Anchor)[] Links =
    [
        .. Directory.GetFiles(Pages.Root, "*.md").Concat(Directory.GetFiles(Path.Combine(Pages.Root, "docs"), "*.md", SearchOption.AllDirectories))
            .SelectMany(page => Link().Matches(File.ReadAllText(page)).Select(match => match.Groups[1].Value)
                .Where(link => !link.Contains(':', StringComparison.Ordinal))
                .Select(link => (page, link.Split('#')[0] is { Length: > 0 } file ? Path.Combine(Path.GetDirectoryName(page)!, file) : page,
                    link.Contains('#', StringComparison.Ordinal) ? link.Split('#')[1] : string.Empty))),
    ];

    [Fact]
    public void Every_relative_link_has_its_file()
    {
        Links.Where(link => !Path.Exists(link.File)).Select(link => $"{Path.GetFileName(link.Page)} -> {link.File}").Should().BeEmpty();
    }

    [Fact]
    public void Every_anchor_has_its_heading()
    {
        Links.Where(link => link.Anchor.Length > 0 && !Anchors(link.File).Contains(link.Anchor))
            .Select(link => $"{Path.GetFileName(link.Page)} -> {link.Anchor} of {link.File}").Should().BeEmpty();
    }

    private static IEnumerable<string> Anchors(string page) => Heading().Matches(File.ReadAllText(page))
        .Select(match => NotInAnchor().Replace(match.Groups[1].Value.ToLowerInvariant(), string.Empty).Replace(' ', '-'));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w \-]")]
    private static partial Regex NotInAnchor();
}
