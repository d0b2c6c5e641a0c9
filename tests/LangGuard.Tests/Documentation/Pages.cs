using LangGuard.Tests.Support;

namespace LangGuard.Tests.Documentation;

/// <summary>The pages that people read, and the repository that they speak of.</summary>
internal static class Pages
{
    internal static string Root { get; } = Path.GetDirectoryName(Configurations.RepositoryFile("README.md"))!;

    /// <summary>The readme, the security page and everything in docs, by their paths from the root.</summary>
    internal static IEnumerable<(string Page, string Text)> All() =>
        new[] { "README.md", "SECURITY.md" }.Select(name => Path.Combine(Root, name))
            .Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            .Select(path => (Path.GetRelativePath(Root, path), File.ReadAllText(path)));

    /// <summary>The sources below some folders, without what a build has made.</summary>
    internal static IEnumerable<string> Sources(params string[] folders) => folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));
}
