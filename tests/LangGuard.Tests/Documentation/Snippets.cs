using LangGuard.Tests.Support;

namespace LangGuard.Tests.Documentation;

/// <summary>The fenced blocks of the readme, the security page and the documentation.</summary>
internal static class Snippets
{
    /// <summary>Each block with the page it is on, its first line, its language and its text.</summary>
    internal static IEnumerable<(string Page, int Line, string Language, string Text)> All()
    {
        var root = Path.GetDirectoryName(Configurations.RepositoryFile("README.md"))!;
        return new[] { "README.md", "SECURITY.md" }.Select(name => Path.Combine(root, name))
            .Concat(Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            .SelectMany(path => Of(Path.GetRelativePath(root, path), File.ReadAllLines(path)));
    }

    private static IEnumerable<(string Page, int Line, string Language, string Text)> Of(string page, string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                continue;
            }

            var (start, language) = (i, lines[i][3..].Trim());
            var end = Array.FindIndex(lines, start + 1, line => line.StartsWith("```", StringComparison.Ordinal));
            if (end < 0)
            {
                throw new InvalidOperationException($"{page}, line {start + 1}: the block does not end.");
            }

            i = end;
            yield return (page, start + 1, language, string.Join('\n', lines[(start + 1)..end]));
        }
    }
}
