using System.Text;
using System.Text.Json.Nodes;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Documentation;

/// <summary>The reference of all configuration keys is made from the schema, which is made from the reader.</summary>
public sealed class ConfigurationPageTests
{
    private const string Mark = "<!-- The reference below is made from the reader of the configuration. -->\n";

    [Fact]
    public void The_reference_is_current()
    {
        var path = Configurations.RepositoryFile("docs", "configuration.md");
        var page = File.ReadAllText(path);
        var written = page[..(page.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)];
        if (Environment.GetEnvironmentVariable("LANGGUARD_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, written + Reference());
        }

        Reference().Split('\n').Except(File.ReadAllLines(path)).Should().BeEmpty("run this test with LANGGUARD_UPDATE_DOCS=1 to write these lines");
        (File.ReadAllText(path) == written + Reference()).Should().BeTrue("run this test with LANGGUARD_UPDATE_DOCS=1 to write the page again");
    }

    private static string Reference()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Configurations.RepositoryFile("src", "LangGuard", "ConfigurationSchema.json")))!;
        var page = new StringBuilder();
        Write(page, string.Empty, schema["properties"]!["LangGuard"]!["properties"]!["Default"]!.AsObject());
        return page.ToString();
    }

    /// <summary>One table for each section with values, then the sections below it.</summary>
    private static void Write(StringBuilder page, string path, JsonObject section)
    {
        var entries = section["properties"]!.AsObject();
        var values = entries.Where(entry => SectionOf(entry.Value!) is null).ToArray();
        if (values.Length > 0)
        {
            page.Append($"\n### {path}\n\n{section["description"]}\n\n| Key | Kind | Meaning |\n|---|---|---|\n");
            foreach (var (key, value) in values)
            {
                page.Append($"| `{key}` | {Kind(value!.AsObject())} | {value["description"]!.ToString().Replace("|", "\\|", StringComparison.Ordinal)} |\n");
            }
        }

        foreach (var (key, value) in entries)
        {
            if (SectionOf(value!) is { } below)
            {
                var isNamed = !ReferenceEquals(below, value);
                Write(page, $"{(path.Length == 0 ? string.Empty : path + ":")}{key}{(isNamed ? ":*name*" : string.Empty)}", below);
            }
        }
    }

    private static JsonObject? SectionOf(JsonNode value) =>
        value["properties"] is not null ? value.AsObject()
        : value["additionalProperties"] is JsonObject named && named["properties"] is not null ? named
        : null;

    private static string Kind(JsonObject value) => value["enum"] is JsonArray choices
        ? string.Join(", ", choices.Select(choice => $"`{choice}`"))
        : value["type"] is JsonArray types ? string.Join(" or ", types.Select(type => type!.ToString()))
        : value["type"]?.ToString() switch
        {
            "object" => "named values",
            "array" => "list",
            var type => type ?? "text",
        };
}
