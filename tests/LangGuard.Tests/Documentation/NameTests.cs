using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace LangGuard.Tests.Documentation;

/// <summary>Every name in the text of a page is one that its reader can use: of the public API, of the configuration, of the platform
/// or a library, or of a test that the page points to.</summary>
public sealed partial class NameTests
{
    [Fact]
    public void Every_name_in_the_text_exists()
    {
        var known = Known();

        var unknown = Pages.All().SelectMany(page => InlineCode().Matches(Fenced().Replace(page.Text, string.Empty))
            .SelectMany(code => Name().Matches(code.Groups[1].Value).Select(match => match.Value))
            .Where(name => !known.Contains(name))
            .Distinct().Select(name => $"{page.Page}: {name}"));

        unknown.Should().BeEmpty();
    }

    private static HashSet<string> Known()
    {
        // The texts of the public API, of the configuration schema and of the tests hold more words than names; that is good enough here.
        var words = Directory.EnumerateFiles(Path.Combine(Pages.Root, "tests", "LangGuard.Tests", "PublicApi"), "*.approved.txt").Select(File.ReadAllText)
            .Append(LangGuard.Configuration.ConfigurationSchema.Generate())
            .SelectMany(text => Word().Matches(text).Select(match => match.Value))
            .ToHashSet(StringComparer.Ordinal);
        words.UnionWith(Pages.Sources("tests", "samples").Select(file => Path.GetFileNameWithoutExtension(file).Split('.')[0]));
        words.UnionWith(new[] { "samples", "tests" }.SelectMany(folder => Directory.EnumerateDirectories(Path.Combine(Pages.Root, folder)))
            .SelectMany(folder => Path.GetFileName(folder).Split('.')));
        foreach (var file in ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator))
        {
            if (!Path.GetFileName(file).StartsWith("LangGuard", StringComparison.Ordinal))
            {
                AddPublicNames(file, words);
            }
        }

        return words;
    }

    private static void AddPublicNames(string file, HashSet<string> names)
    {
        using var assembly = new PEReader(File.OpenRead(file));
        if (!assembly.HasMetadata)
        {
            return;
        }

        var metadata = assembly.GetMetadataReader();
        foreach (var type in metadata.TypeDefinitions.Select(metadata.GetTypeDefinition))
        {
            if ((type.Attributes & TypeAttributes.VisibilityMask) is not (TypeAttributes.Public or TypeAttributes.NestedPublic))
            {
                continue;
            }

            names.Add(metadata.GetString(type.Name).Split('`')[0]);
            names.UnionWith(type.GetMethods().Select(handle => metadata.GetString(metadata.GetMethodDefinition(handle).Name)));
            names.UnionWith(type.GetProperties().Select(handle => metadata.GetString(metadata.GetPropertyDefinition(handle).Name)));
            names.UnionWith(type.GetFields().Select(handle => metadata.GetString(metadata.GetFieldDefinition(handle).Name)));
        }
    }

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"`([^`\n]+)`")]
    private static partial Regex InlineCode();

    /// <summary>Two humps, or a call.</summary>
    [GeneratedRegex(@"(?<![\w/-])(?:[A-Z][a-z0-9]+[A-Z]\w{2,}|[A-Z][a-z]+(?=\())")]
    private static partial Regex Name();

    [GeneratedRegex(@"[A-Za-z_]\w*")]
    private static partial Regex Word();
}
